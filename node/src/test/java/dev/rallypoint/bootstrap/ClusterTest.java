package dev.rallypoint.bootstrap;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestCluster;
import dev.rallypoint.testing.TestPostgres;
import dev.rallypoint.testing.UdpClient;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterTest {
  @TempDir Path data;

  @Test
  void reachesAPeerOfTheSecondNodeFromTheFirst() {
    try (TestCluster cluster = TestCluster.of(3, data);
        UdpClient target = cluster.node(2).udp().registered("123456789");
        TcpClient requester = cluster.node(1).control().secured(cluster.node(1).key())) {
      requester.send(
          RendezvousMessage.newBuilder()
              .setPunchHoleRequest(
                  PunchHoleRequest.newBuilder()
                      .setId("123456789")
                      .setLicenceKey(cluster.node(1).key().text()))
              .build());
      assertThat(target.receive().hasFetchLocalAddr()).isTrue();
    }
  }

  @Test
  void loseANodeThatIsKilledAndTakeAnotherOne() {
    try (TestCluster cluster = TestCluster.of(3, data)) {
      cluster.kill(1);
      await().atMost(ofSeconds(60)).until(() -> cluster.membersSeenBy(2) == 2);
      cluster.add();
      await().atMost(ofSeconds(60)).until(() -> cluster.membersSeenBy(3) == 3);
      assertThat(cluster.node(4).key()).isEqualTo(cluster.node(2).key());
    }
  }

  @Test
  void ofThreeNodesOneSideGoesOnWhenOneNodeIsCutOff() {
    try (TestCluster cluster = TestCluster.of(3, data)) {
      cluster.isolate(3);
      // The lease decides. The larger side asks for it 2 s earlier, unless the machine holds it up.
      await()
          .atMost(ofSeconds(60))
          .until(() ->
              cluster.isRunning(1) == cluster.isRunning(2)
                  && cluster.isRunning(1) != cluster.isRunning(3));
      int left = cluster.isRunning(1) ? 1 : 3;
      cluster.heal();
      await().atMost(ofSeconds(60)).until(() -> cluster.membersSeenBy(left) == cluster.running());
    }
  }

  @Test
  void ofThreeNodesTwoGoOnWhenOneIsLostWhileTheDatabaseIsAway() {
    try (TestPostgres server = TestPostgres.in(data);
        TestCluster cluster = TestCluster.over(server, 3, data);
        UdpClient target = cluster.node(2).udp().registered("123456789")) {
      server.stop();
      cluster.kill(1);
      await().atMost(ofSeconds(60)).until(() -> cluster.membersSeenBy(3) == 2);
      await().atMost(ofSeconds(60)).until(() -> cluster.membersSeenBy(2) == 2);
      server.startAgain();
      cluster.add();
      await().atMost(ofSeconds(60)).until(() -> cluster.membersSeenBy(2) == 3);
      assertThat(cluster.running()).isEqualTo(3);
      assertThat(target.beat("123456789")).as("is asked for its key").isFalse();
    }
  }

  @Test
  void goOnWhenACutLinkHealsInTime() {
    try (TestCluster cluster = TestCluster.patient(3, data)) {
      cluster.isolate(3);
      await().atMost(ofSeconds(60)).until(() -> cluster.unreachableBy(1) == 1);
      cluster.heal();
      await().atMost(ofSeconds(60)).until(() -> cluster.unreachableBy(1) == 0);
      assertThat(cluster.membersSeenBy(1)).isEqualTo(3);
    }
  }

  @Test
  void ofTwoNodesOneGoesOnWhenTheLinkBetweenThemIsCut() {
    try (TestCluster cluster = TestCluster.of(2, data)) {
      cluster.isolate(2);
      await().atMost(ofSeconds(60)).until(() -> cluster.running() == 1);
      int left = cluster.isRunning(1) ? 1 : 2;
      await().atMost(ofSeconds(60)).until(() -> cluster.membersSeenBy(left) == 1);
      try (UdpClient peer = cluster.node(left).udp().registered("123456789")) {
        assertThat(cluster.isRunning(left)).isTrue();
      }
    }
  }
}
