package dev.rallypoint.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.app.keys.KeyFiles;
import dev.rallypoint.protocol.proto.PunchHoleResponse.Failure;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.testing.HbbsFile;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder that hbbs left: its key pair and its database, as hbbs writes them. */
class HbbsFolderTest {
  private static final String ID = "987654321";
  private static final byte[] UUID = "a machine id".getBytes(StandardCharsets.UTF_8);
  private static final byte[] KEY = TcpClient.bytes(32, 7);

  @TempDir Path folder;

  @BeforeEach
  void leaveAFolder() throws Exception {
    Files.writeString(folder.resolve("id_ed25519"), TestNode.KEYS.secretText());
    Files.writeString(folder.resolve("id_ed25519.pub"), TestNode.KEYS.publicKey().text());
    try (HbbsFile file = new HbbsFile(folder.resolve("db_v2.sqlite3"))) {
      file.createSchema().insert(ID, UUID, KEY, "{\"ip\":\"::ffff:127.0.0.1\"}");
    }
  }

  @Test
  void keepsItsKey() {
    assertThat(KeyFiles.in(folder).loadOrCreate().publicKey()).isEqualTo(TestNode.KEYS.publicKey());
  }

  @Test
  void knowsItsIdsAsOfflineUntilTheyAreHeard() {
    try (TestNode node = TestNode.start(TestSettings.in(folder));
        TcpClient requester = node.control().plain()) {
      requester.send(Messages.punch(Messages.request(node.key(), ID)));

      assertThat(requester.receive().getPunchHoleResponse().getFailure())
          .isEqualTo(Failure.OFFLINE);
    }
  }

  @Test
  void takesTheHeartbeatOfAPeerThatStayedWhereItWas() {
    try (TestNode node = TestNode.start(TestSettings.in(folder));
        UdpClient peer = node.udp()) {
      assertThat(peer.beat(ID)).isFalse();
    }
  }

  @Test
  void guardsItsIdsAgainstOtherDevices() {
    try (TestNode node = TestNode.start(TestSettings.in(folder));
        UdpClient peer = node.udp()) {
      assertThat(peer.register(ID, "another machine", 7)).isEqualTo(Result.UUID_MISMATCH);
    }
  }

  @Test
  void canBeHandedBackToHbbsWithTheNewIds() throws Exception {
    try (TestNode node = TestNode.start(TestSettings.in(folder));
        UdpClient peer = node.udp()) {
      peer.registered("new-peer-1");
    }
    try (HbbsFile file = new HbbsFile(folder.resolve("db_v2.sqlite3"))) {
      file.createSchema();
      assertThat(file.peer(ID)).hasSize(7);
      assertThat(file.peer("new-peer-1")).hasSize(7).contains("{\"ip\":\"127.0.0.1\"}");
    }
  }
}
