package dev.rallypoint.rendezvous;

import static dev.rallypoint.rendezvous.Messages.punch;
import static dev.rallypoint.rendezvous.Messages.request;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.testing.HbbsFile;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What datagrams with any source can spend and store, and what honest devices beside them see. */
class NewIdsTest {
  private static final int FLOOD = 300;

  @TempDir Path data;

  private long rows() throws SQLException {
    try (HbbsFile file = new HbbsFile(data.resolve("db_v2.sqlite3"))) {
      return ((Number) file.row("select count(*) from peer").getFirst()).longValue();
    }
  }

  /** New ids, each from one of 50 addresses. */
  private static void flood(TestNode node, int ids) {
    for (int i = 0; i < ids; i++) {
      try (UdpClient forged = node.udpFrom("127.0.7." + (1 + i % 50))) {
        assertThat(forged.register("flood-" + i, "machine-" + i, i)).isEqualTo(Result.OK);
      }
    }
  }

  private static boolean isReached(TestNode node, UdpClient target, String id) {
    try (TcpClient requester = node.control().plain()) {
      requester.send(punch(request(node.key(), id)));
      RendezvousMessage push = target.receive();
      return push.hasPunchHole() || push.hasFetchLocalAddr();
    }
  }

  @Test
  void storesNoMoreThanTheLimitOfAllAddressesTogetherAndServesTheOthersFromMemory()
      throws Exception {
    try (TestNode node = TestNode.start(TestSettings.in(data).newIds(1, 100))) {
      flood(node, FLOOD);

      assertThat(rows()).isBetween(100L, FLOOD - 100L);
      try (UdpClient device = node.udp().registered("123456789")) {
        assertThat(device.beat("123456789")).isFalse();
        assertThat(isReached(node, device, "123456789")).isTrue();
      }
      assertThat(node.counters().of(Event.IDS_PROVISIONAL)).isGreaterThan(100);
    }
  }

  @Test
  void storesAnIdAtOnceThatComesByTcpWhateverDatagramsBring() throws Exception {
    try (TestNode node = TestNode.start(TestSettings.in(data).newIds(1, 10))) {
      flood(node, 30);
      long before = rows();

      try (TcpClient link = node.control().plain()) {
        link.send(UdpClient.claimOf("123456789", "a machine", 7));
        assertThat(link.receive().getRegisterPkResponse().getResult()).isEqualTo(Result.OK);
      }

      assertThat(rows()).isEqualTo(before + 1);
    }
  }

  @Test
  void storesAProvisionalIdThatComesByTcpThen() throws Exception {
    try (TestNode node = TestNode.start(TestSettings.in(data).newIdsPerAddress(1));
        UdpClient device = node.udp().registered("123456781").registered("123456782");
        TcpClient link = node.control().plain()) {
      assertThat(rows()).isOne();

      link.send(UdpClient.claimOf("123456782", "uuid of 123456782", "123456782".hashCode()));

      assertThat(link.receive().getRegisterPkResponse().getResult()).isEqualTo(Result.OK);
      assertThat(rows()).isEqualTo(2);
    }
  }

  @Test
  void asksAProvisionalDeviceForItsKeyAfterARestart() {
    TestSettings settings = TestSettings.in(data).newIdsPerAddress(1);
    try (TestNode node = TestNode.start(settings);
        UdpClient device = node.udp().registered("123456781").registered("123456782")) {
      assertThat(device.beat("123456782")).isFalse();
    }
    try (TestNode node = TestNode.start(settings);
        UdpClient device = node.udp()) {
      assertThat(device.beat("123456781")).isFalse();
      assertThat(device.beat("123456782")).isTrue();
      device.registered("123456782");
      assertThat(device.beat("123456782")).isFalse();
    }
  }

  @Test
  void takesAnOfficesDevicesWhateverIsSentInItsName() {
    try (TestNode node =
            TestNode.start(TestSettings.in(data).registrationsPerAddress(20).newIdsPerAddress(20));
        UdpClient office = node.udp().registered("123456789")) {
      for (int i = 0; i < 50; i++) { // the address that all of an office have
        try (UdpClient forged = node.udp()) {
          forged.register("123456789", "another machine", i);
          forged.register("flood-" + i, "machine-" + i, i);
        }
      }

      assertThat(office.register("123456789", "uuid of 123456789", "123456789".hashCode()))
          .isEqualTo(Result.OK);
      try (UdpClient newDevice = node.udp().registered("987654321")) {
        assertThat(isReached(node, newDevice, "987654321")).isTrue();
      }
    }
  }

  @Test
  void rollsOutAFleetBehindOneAddress() throws Exception {
    int fleet = 800;
    TestSettings settings =
        TestSettings.in(data).newIdsPerAddress(300).offlineAfter(Duration.ofMinutes(10));
    try (TestNode node = TestNode.start(settings);
        UdpClient devices = node.udp()) {
      for (int i = 0; i < fleet; i++) {
        devices.registered("fleet-%04d".formatted(i));
      }

      for (int i = 0; i < fleet; i++) {
        assertThat(devices.beat("fleet-%04d".formatted(i))).isFalse();
      }
      assertThat(rows()).isEqualTo(300);
    }
  }

  @Test
  void storesAFleetOfAnExemptNetworkAtOnce() throws Exception {
    try (TestNode node = TestNode.start(TestSettings.in(data).newIds(1, 10).exempt("127.0.0.0/8"));
        UdpClient devices = node.udp()) {
      for (int i = 0; i < FLOOD; i++) {
        devices.registered("fleet-%04d".formatted(i));
      }

      assertThat(rows()).isEqualTo(FLOOD);
    }
  }

  @Test
  void letsNobodyRenameADeviceFromElsewhereByItsUuidAlone() {
    RendezvousMessage change =
        RendezvousMessage.newBuilder()
            .setRegisterPk(
                RegisterPk.newBuilder()
                    .setOldId("123456789")
                    .setId("chosen-id")
                    .setUuid(ByteString.copyFromUtf8("uuid of 123456789")))
            .build();
    try (TestNode node = TestNode.start(TestSettings.in(data));
        UdpClient device = node.udp().registered("123456789")) {
      try (TcpClient stranger = TcpClient.from("127.0.0.9", node.port()).plain()) {
        assertThat(stranger.send(change).receive().getRegisterPkResponse().getResult())
            .isEqualTo(Result.UUID_MISMATCH);
      }
      assertThat(device.beat("123456789")).isFalse();
      try (TcpClient itself = node.control().plain()) {
        assertThat(itself.send(change).receive().getRegisterPkResponse().getResult())
            .isEqualTo(Result.OK);
      }
    }
  }
}
