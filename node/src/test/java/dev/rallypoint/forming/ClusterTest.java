package dev.rallypoint.forming;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.testing.MemoryPeerStore;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestCluster;
import dev.rallypoint.testing.UdpClient;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterTest {
  @TempDir Path data;

  @Test
  void reachesAPeerOfTheSecondNodeFromTheFirst() {
    try (TestCluster cluster = TestCluster.of(3, data, new MemoryPeerStore());
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
}
