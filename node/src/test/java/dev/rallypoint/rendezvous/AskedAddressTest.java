package dev.rallypoint.rendezvous;

import static dev.rallypoint.rendezvous.Messages.punch;
import static dev.rallypoint.rendezvous.Messages.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.testing.Pushed;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of a machine with several addresses, which take datagrams only from the one they ask. */
class AskedAddressTest {
  @TempDir static Path data;
  private static TestNode node;

  @BeforeAll
  static void start() {
    node = TestNode.start(TestSettings.in(data));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static UdpClient client(String server, int port) {
    return UdpClient.connectedTo(
        new InetSocketAddress(InetAddress.ofLiteral(server), node.port()), port);
  }

  private static boolean hears(UdpClient target, String id) {
    try (TcpClient requester = node.control().plain()) {
      requester.send(punch(request(node.key(), id)));
      return !Pushed.socketAddr(target.receive()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.0.0.5", "127.8.9.10", "::1"})
  void areAnsweredAndPushedToFromThere(String server) {
    String id = "asks" + server.hashCode();
    try (UdpClient target = client(server, 0)) {
      assertThat(target.nothingElseCame()).isTrue();
      assertThat(target.beat(id)).isTrue();
      target.registered(id);
      assertThat(target.beat(id)).isFalse();
      assertThat(hears(target, id)).isTrue();
    }
  }

  @Test
  void areAtHomeAtTheAddressThatTheyAskLast() {
    String id = "moves12345";
    int port;
    try (UdpClient before = client("127.0.0.5", 0)) {
      port = before.registered(id).address().port();
    }
    try (UdpClient target = client("127.0.0.6", port)) {
      assertThat(target.beat(id)).isTrue();
      assertThat(target.register(id, "uuid of " + id, id.hashCode())).isEqualTo(Result.OK);
      assertThat(target.beat(id)).isFalse();
      assertThat(hears(target, id)).isTrue();
    }
  }

  @Test
  void costNoQuestionToTheEntityForAHeartbeatThatALeaseCovers() {
    String id = "covered1234";
    try (UdpClient here = client("127.0.0.7", 0).registered(id);
        UdpClient there = client("127.0.0.8", 0).registered(id + "5")) {
      long before = node.counters().of(Event.HEARTBEATS_FROM_ENTITY);
      for (int round = 0; round < 3; round++) {
        assertThat(here.beat(id)).isFalse();
        assertThat(there.beat(id + "5")).isFalse();
      }
      assertThat(node.counters().of(Event.HEARTBEATS_FROM_ENTITY)).isEqualTo(before);
    }
  }
}
