package dev.rallypoint.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.account.Organization;
import dev.rallypoint.config.NewIdLimits.Enrolment;
import dev.rallypoint.device.DeviceStates.State;
import dev.rallypoint.policy.Networks;
import dev.rallypoint.policy.limit.ApiPace;
import dev.rallypoint.store.account.AccountDatabase;
import dev.rallypoint.store.account.DeviceRegistrationTable;
import dev.rallypoint.store.account.DeviceRegistrationTable.Registration;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node knows of the devices that may not register. */
class RefusedDevicesTest {
  private static final DeviceAdministration.Name DEVICE =
      new DeviceAdministration.Name.Id("device1");

  @TempDir Path folder;
  private final List<String> ended = new ArrayList<>();
  private final List<String> forgotten = new ArrayList<>();
  private AccountDatabase database;
  private RefusedDevices own;
  private RefusedDevices other;
  private DeviceAdministration administration;

  @BeforeEach
  void begin() {
    database = AccountDatabase.openSqlite(folder.resolve(AccountDatabase.FILE));
    DeviceParts parts =
        new DeviceParts(
            database,
            Organization.DEFAULT,
            now -> java.util.UUID.randomUUID().toString(),
            () -> 1_000_000);
    own = new RefusedDevices(parts);
    other = new RefusedDevices(parts);
    administration =
        new DeviceAdministration(
            parts,
            own,
            new DeviceEnrolment(
                parts, own, Enrolment.OPEN, new ApiPace(new Networks(List.of())), () -> 0),
            DeviceBooks.NONE,
            id -> CompletableFuture.completedStage(true));
    done(
        database.run(handle ->
            DeviceRegistrationTable.register(
                handle,
                Organization.DEFAULT,
                List.of(new Registration("g1", "device1", "u1", "192.0.2.1")),
                1)));
    other.follow((refused, deleted) -> {
      ended.addAll(refused);
      forgotten.addAll(deleted);
    });
    done(other.refresh());
  }

  @AfterEach
  void end() {
    database.close();
  }

  private static <T> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  @Test
  void refusesAtOnceOnTheNodeThatWasTold() {
    done(administration.setEnabled(DEVICE, false));
    assertThat(own.of("device1")).isEqualTo(State.DISABLED);
    done(administration.setEnabled(DEVICE, true));
    assertThat(own.of("device1")).isEqualTo(State.ADMITTED);
  }

  @Test
  void refusesOnAnotherNodeAtItsNextLook() {
    done(administration.setEnabled(DEVICE, false));
    assertThat(other.of("device1")).isEqualTo(State.ADMITTED);
    assertThat(done(other.refresh())).isTrue();
    assertThat(other.of("device1")).isEqualTo(State.DISABLED);
  }

  @Test
  void tellsTwiceWhoseRegistrationEnds() {
    done(administration.setEnabled(DEVICE, false));
    for (int i = 0; i < 4; i++) {
      done(other.refresh());
    }
    assertThat(ended).containsExactly("device1", "device1");
  }

  @Test
  void tellsWhatWasDeleted() {
    done(administration.delete(DEVICE));
    done(other.refresh());
    assertThat(forgotten).containsExactly("device1");
  }

  @Test
  void readsNothingWhileNothingHasChanged() {
    assertThat(done(other.refresh())).isFalse();
    assertThat(ended).isEmpty();
  }
}
