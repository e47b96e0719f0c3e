package dev.rallypoint.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.rallypoint.account.Organization;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.store.PeerRow;
import dev.rallypoint.store.account.AccountDatabase;
import dev.rallypoint.store.account.DeviceListTable;
import dev.rallypoint.store.account.ListedDevice;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is stored of devices as they register. */
class DeviceRecorderTest {
  @TempDir Path folder;
  private final AtomicInteger lookups = new AtomicInteger();
  private final Counters counters = new Counters();
  private AccountDatabase database;
  private Clones clones;
  private DeviceRecorder recorder;

  @BeforeEach
  void begin() {
    database = AccountDatabase.openSqlite(folder.resolve(AccountDatabase.FILE));
    DeviceParts parts =
        new DeviceParts(
            database, Organization.DEFAULT, now -> java.util.UUID.randomUUID().toString(), () -> 0);
    clones = new Clones(parts, counters, () -> 0);
    recorder =
        new DeviceRecorder(
            parts,
            id -> {
              lookups.incrementAndGet();
              return CompletableFuture.completedStage(
                  Optional.of(row(id.value(), "u", "192.0.2.1")));
            },
            clones);
  }

  @AfterEach
  void end() {
    database.close();
  }

  private static PeerRow row(String id, String uuid, String ip) {
    return new PeerRow(
        new PeerId(id), ByteString.copyFromUtf8(uuid), ByteString.copyFromUtf8("key"), ip);
  }

  private Optional<ListedDevice> find(String id) {
    return database
        .call(handle -> DeviceListTable.findById(handle, Organization.DEFAULT, id))
        .toCompletableFuture()
        .join();
  }

  @Test
  void storesWhatHasRegisteredAtTheNextFlush() {
    recorder.onStored(row("device1", "u", "192.0.2.1"), Optional.empty());
    assertThat(find("device1")).isEmpty();
    recorder.flush();
    await().until(() -> find("device1").isPresent());
  }

  @Test
  void storesAllThatWaitInPages() {
    for (int i = 0; i < 1_200; i++) {
      recorder.onStored(row("device" + i, "u" + i, "192.0.2.1"), Optional.empty());
    }
    recorder.flush();
    await().until(() -> find("device1199").isPresent() && find("device0").isPresent());
  }

  @Test
  void looksUpOnlyTheDevicesThatAreNotStored() {
    recorder.onStored(row("device1", "u", "192.0.2.1"), Optional.empty());
    recorder.flush();
    await().until(() -> find("device1").isPresent());
    recorder.onSeen(List.of(new PeerId("device1"), new PeerId("device2")));
    await()
        .until(() -> {
          recorder.flush();
          return find("device2").isPresent();
        });
    assertThat(lookups).hasValue(1);
  }

  @Test
  void deletesADeviceWithTheRowOfItsId() {
    PeerRow row = row("device1", "u", "192.0.2.1");
    recorder.onStored(row, Optional.empty());
    recorder.flush();
    await().until(() -> find("device1").isPresent());
    recorder.onFreed(row);
    await().until(() -> find("device1").isEmpty());
  }

  @Test
  void countsOnceADeviceThatIsAtTwoAddressesAtOnce() {
    PeerRow here = row("device1", "u", "192.0.2.1");
    PeerRow there = row("device1", "u", "192.0.2.2");
    recorder.onStored(here, Optional.empty());
    recorder.flush();
    await().until(() -> find("device1").isPresent());
    for (int i = 0; i < 10; i++) {
      recorder.onStored(there, Optional.of(here));
      recorder.onStored(here, Optional.of(there));
    }
    assertThat(counters.of(Event.DEVICES_CLONED)).isOne();
    await().until(() -> find("device1").orElseThrow().state().clonedAt().isPresent());
  }

  @Test
  void countsTwoIdsOfOneUuidWhoseDevicesAreOnline() {
    clones.askOnline(ids -> {
      BitSet all = new BitSet();
      all.set(0, ids.size());
      return CompletableFuture.completedStage(all);
    });
    recorder.onStored(row("device1", "same", "192.0.2.1"), Optional.empty());
    recorder.onStored(row("device2", "same", "192.0.2.2"), Optional.empty());
    recorder.flush();
    await().until(() -> counters.of(Event.DEVICES_CLONED) == 2);
  }

  @Test
  void takesADeviceWithAnotherIdForNoClone() {
    recorder.onStored(row("device1", "same", "192.0.2.1"), Optional.empty());
    recorder.flush();
    await().until(() -> find("device1").isPresent());
    recorder.onStored(row("device2", "same", "192.0.2.1"), Optional.empty());
    recorder.flush();
    await().until(() -> find("device2").isPresent());
    assertThat(counters.of(Event.DEVICES_CLONED)).isZero();
  }
}
