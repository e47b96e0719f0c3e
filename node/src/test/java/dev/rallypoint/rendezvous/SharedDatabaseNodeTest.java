package dev.rallypoint.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.protocol.proto.PunchHoleResponse.Failure;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestPostgres;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node whose identities are in PostgreSQL. */
class SharedDatabaseNodeTest {
  private static final String ID = "123456789";

  @TempDir Path folder;
  @TempDir Path otherFolder;

  @Test
  void knowsTheIdsThatAnotherNodeStored() {
    String url = TestPostgres.database();
    try (TestNode node = TestNode.start(TestSettings.in(folder).database(url));
        UdpClient peer = node.udp()) {
      peer.registered(ID);
    }
    try (TestNode node = TestNode.start(TestSettings.in(otherFolder).database(url));
        TcpClient requester = node.control().plain();
        UdpClient peer = node.udp()) {
      requester.send(Messages.punch(Messages.request(node.key(), ID)));
      assertThat(requester.receive().getPunchHoleResponse().getFailure())
          .isEqualTo(Failure.OFFLINE);
      assertThat(peer.register(ID, "another machine", 7)).isEqualTo(Result.UUID_MISMATCH);
      assertThat(peer.beat(ID)).isFalse();
    }
    assertThat(folder.resolve("db_v2.sqlite3")).doesNotExist();
  }

  @Test
  void keepsKnownPeersWorkingWhileTheDatabaseIsGone() {
    try (TestPostgres server = TestPostgres.in(folder);
        TestNode node =
            TestNode.start(TestSettings.in(otherFolder).database(server.newDatabase()));
        UdpClient known = node.udp();
        UdpClient fresh = node.udp();
        TcpClient requester = node.control().plain()) {
      known.registered(ID);
      server.stop();

      assertThat(known.beat(ID)).isFalse();
      requester.send(Messages.punch(Messages.request(node.key(), ID)));
      assertThat(known.receive().hasFetchLocalAddr()).isTrue();
      fresh.send(UdpClient.claimOf("987654321", "a machine", 7));
      assertThat(fresh.receiveWithin(5_000))
          .map(answer -> answer.getRegisterPkResponse().getResult())
          .contains(Result.SERVER_ERROR);

      server.startAgain();

      await().atMost(Duration.ofSeconds(60)).until(() -> isRegistered(fresh));
      assertThat(fresh.beat("987654321")).isFalse();
    }
  }

  private static boolean isRegistered(UdpClient peer) {
    peer.send(UdpClient.claimOf("987654321", "a machine", 7));
    Optional<RendezvousMessage> answer = peer.receiveWithin(3_000);
    return answer.stream().anyMatch(a -> a.getRegisterPkResponse().getResult() == Result.OK);
  }
}
