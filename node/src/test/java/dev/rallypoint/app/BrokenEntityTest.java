package dev.rallypoint.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.rallypoint.cluster.VitalPart;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.proto.OnlineRequest;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import java.nio.file.Path;
import java.util.List;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A sharded entity that fails: its shard starts it anew, at once or with the next message. No other
 * entity notices, and it is no vital part of its node.
 */
class BrokenEntityTest {
  @TempDir private Path data;
  private TestNode node;

  @BeforeEach
  void start() {
    node = TestNode.start(TestSettings.in(data));
  }

  @AfterEach
  void stop() {
    assertThat(VitalPart.failure(node.system())).isEmpty();
    node.close();
  }

  /** A message of a type that no entity takes. */
  private void poison(String kind, String entity) {
    ActorSystem<?> system = node.system();
    ClusterSharding.get(system)
        .entityRefFor(EntityTypeKey.create(Object.class, kind), entity)
        .tell("poison");
  }

  @Test
  void aPeer() {
    try (UdpClient broken = node.udp().registered("330000001");
        UdpClient other = node.udp().registered("330000002")) {
      poison("PeerRegistration", "330000001");

      assertThat(broken.registered("330000001").beat("330000001")).isFalse();
      assertThat(other.registered("330000002").beat("330000002")).isFalse();
      assertThat(online("330000001", "330000002")).isEqualTo(0b1100_0000);
    }
  }

  private int online(String... ids) {
    try (TcpClient client = node.natTest()) {
      client.send(
          RendezvousMessage.newBuilder()
              .setOnlineRequest(OnlineRequest.newBuilder().addAllPeers(List.of(ids)))
              .build());
      ByteString states = client.receive().getOnlineResponse().getStates();
      return states.byteAt(0) & 0xFF;
    }
  }

  @Test
  void aRelaySession() {
    try (TcpClient broken = node.relay().send(leg("broken", "123456789"));
        TcpClient other = node.relay().send(leg("other", "123456789"))) {
      await().until(() -> node.counters().of(Event.RELAY_LEGS) == 2);
      poison("RelaySession", "broken");
      try (TcpClient partner = node.relay().send(leg("other", "")).sendFrame(new byte[] {7})) {
        assertThat(other.receiveFrame()).containsExactly(7);
      }
    }
  }

  /** The request of the side that names a peer, or of the other one, which names none. */
  private static RendezvousMessage leg(String uuid, String peer) {
    return RendezvousMessage.newBuilder()
        .setRequestRelay(
            RequestRelay.newBuilder()
                .setUuid(uuid)
                .setId(peer)
                .setLicenceKey(TestNode.KEYS.publicKey().text()))
        .build();
  }
}
