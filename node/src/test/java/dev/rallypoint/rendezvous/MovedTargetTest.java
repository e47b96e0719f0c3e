package dev.rallypoint.rendezvous;

import static dev.rallypoint.rendezvous.Messages.punch;
import static dev.rallypoint.rendezvous.Messages.request;
import static dev.rallypoint.rendezvous.Messages.sent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.testing.Pushed;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A target that registers at another place while an attempt waits for its answer. */
class MovedTargetTest {
  @TempDir static Path data;
  private static TestNode node;

  @BeforeAll
  static void start() {
    node = TestNode.start(TestSettings.in(data.resolve("a")));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void isToldAgainThereWithoutAnotherRequest() {
    String id = "123457601";
    try (UdpClient dead = node.udp().registered(id);
        TcpClient requester = node.control().plain();
        TcpClient answer = node.control()) {
      requester.send(punch(request(node.key(), id)));
      RendezvousMessage first = dead.receive();
      try (UdpClient restarted = node.udp().registered(id)) {
        RendezvousMessage push = restarted.receive();

        assertThat(Pushed.socketAddr(push)).isEqualTo(Pushed.socketAddr(first));
        answer.send(sent(id, push));
        assertThat(requester.receive().hasPunchHoleResponse()).isTrue();
      }
    }
  }

  @Test
  void isToldOnALinkToo() {
    String id = "123457602";
    try (UdpClient dead = node.udp().registered(id);
        TcpClient requester = node.control().plain();
        TcpClient restarted = node.control().secured(node.key())) {
      requester.send(punch(request(node.key(), id)));
      dead.receive();

      restarted.send(UdpClient.claimOf(id, "uuid of " + id, id.hashCode())).receive();

      assertThat(restarted.receive().hasFetchLocalAddr()).isTrue();
    }
  }

  @Test
  void isNotToldAgainAfterItsAnswer() {
    String id = "123457603";
    try (UdpClient target = node.udp().registered(id);
        TcpClient requester = node.control().plain();
        TcpClient answer = node.control();
        TcpClient other = node.control().plain()) {
      requester.send(punch(request(node.key(), id)));
      answer.send(sent(id, target.receive()));
      requester.receive();
      long before = node.counters().of(Event.PUSHES_REPEATED);
      try (UdpClient moved = node.udp().registered(id)) {
        other.send(punch(request(node.key(), id)));
        moved.receive();
        try (UdpClient again = node.udp().registered(id)) {
          again.receive(); // for the attempt that has no answer yet

          assertThat(node.counters().of(Event.PUSHES_REPEATED)).isEqualTo(before + 1);
        }
      }
    }
  }
}
