package dev.rallypoint.device;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.rallypoint.account.Organization;
import dev.rallypoint.device.Devices.Verdict;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.policy.Networks;
import dev.rallypoint.policy.limit.ApiPace;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.store.PeerRow;
import dev.rallypoint.store.account.AccountDatabase;
import dev.rallypoint.store.account.DeviceTable.SystemFacts;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What devices tell of themselves, and what is asked of the database for it. */
class DevicesTest {
  private static final String ID = "123456789";
  private static final String UUID = Base64.getEncoder().encodeToString("uuid".getBytes(UTF_8));
  private static final PeerAddress FROM = PeerAddress.v4(0xc0000201, 4_000);
  private static final SystemFacts FACTS = facts("desk");

  @TempDir Path folder;
  private final AtomicInteger lookups = new AtomicInteger();
  private final Counters counters = new Counters();
  private AccountDatabase database;
  private Devices devices;

  @BeforeEach
  void begin() {
    database = AccountDatabase.openSqlite(folder.resolve(AccountDatabase.FILE));
    devices = devices();
  }

  @AfterEach
  void end() {
    database.close();
  }

  /** Those of another node, or of a node that has started again. */
  private Devices devices() {
    DeviceParts parts =
        new DeviceParts(
            database, Organization.DEFAULT, now -> java.util.UUID.randomUUID().toString(), () -> 0);
    return new Devices(
        parts,
        new RefusedDevices(parts),
        this::row,
        DeviceBooks.NONE,
        new ApiPace(new Networks(List.of())),
        counters,
        () -> 0);
  }

  private CompletionStage<Optional<PeerRow>> row(PeerId id) {
    lookups.incrementAndGet();
    return CompletableFuture.completedStage(
        id.value().equals(ID)
            ? Optional.of(
                new PeerRow(id, ByteString.copyFromUtf8("uuid"), ByteString.EMPTY, "192.0.2.1"))
            : Optional.empty());
  }

  private static SystemFacts facts(String hostname) {
    return new SystemFacts(hostname, "user", "Linux", "cpu", "16GB", "1.4.9");
  }

  private Verdict tell(Devices of, String id, String uuid, SystemFacts facts) {
    return of.onSystemFacts(id, uuid, facts, Presets.NONE, FROM).toCompletableFuture().join();
  }

  private static boolean isAsked(Devices of, String uuid) {
    return of.hear(ID, uuid, FROM) == Devices.Beat.ASKED;
  }

  @Test
  void asksADeviceOnceThatHasToldNothing() {
    await().until(() -> isAsked(devices, UUID));
    assertThat(isAsked(devices, UUID)).isFalse();
  }

  @Test
  void asksNothingOfADeviceThatToldAnotherNode() {
    assertThat(tell(devices, ID, UUID, FACTS)).isEqualTo(Verdict.STORED);
    Devices other = devices();
    for (int i = 0; i < 100; i++) {
      assertThat(isAsked(other, UUID)).isFalse();
    }
  }

  @Test
  void answersFromMemoryOnceItKnowsADevice() {
    assertThat(tell(devices, ID, UUID, FACTS)).isEqualTo(Verdict.STORED);
    int before = lookups.get();
    for (int i = 0; i < 1_000; i++) {
      assertThat(isAsked(devices, UUID)).isFalse();
      assertThat(tell(devices, ID, UUID, FACTS)).isEqualTo(Verdict.STORED);
    }
    assertThat(lookups).hasValue(before);
  }

  @Test
  void takesNothingOfAnotherDevice() {
    assertThat(tell(devices, ID, "b3RoZXI=", FACTS)).isEqualTo(Verdict.FOREIGN);
    assertThat(tell(devices, "987654321", UUID, FACTS)).isEqualTo(Verdict.UNKNOWN);
    assertThat(tell(devices, "not an id, much too odd \n", UUID, FACTS))
        .isNotEqualTo(Verdict.STORED);
    assertThat(counters.of(DropReason.API_UUID)).isOne();
  }

  @Test
  void countsAHeartbeatOfAnotherDevice() {
    assertThat(tell(devices, ID, UUID, FACTS)).isEqualTo(Verdict.STORED);
    assertThat(isAsked(devices, "b3RoZXI=")).isFalse();
    assertThat(counters.of(DropReason.API_UUID)).isOne();
  }

  @Test
  void takesTenReportsAtOnceOfADevice() {
    for (int i = 0; i < 10; i++) {
      assertThat(tell(devices, ID, UUID, facts("desk" + i))).isEqualTo(Verdict.STORED);
    }
    assertThat(tell(devices, ID, UUID, facts("desk"))).isEqualTo(Verdict.TOO_FREQUENT);
    assertThat(counters.of(DropReason.API_TOO_FREQUENT)).isOne();
  }
}
