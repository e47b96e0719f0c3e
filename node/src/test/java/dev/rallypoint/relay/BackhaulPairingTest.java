package dev.rallypoint.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.relay.session.BackhaulAddress;
import dev.rallypoint.relay.session.FakeNode;
import dev.rallypoint.relay.session.SessionReply;
import dev.rallypoint.relay.session.SessionSide;
import dev.rallypoint.relay.session.Ticket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How two nodes meet, or do not, when one of them is not what it should be. */
class BackhaulPairingTest {
  @TempDir private Path data;
  private final RelayLab.HandClock clock = new RelayLab.HandClock();
  private RelayCluster cluster;
  private FakeNode node;

  @BeforeEach
  void start() {
    cluster = RelayCluster.of(1, data, around -> around, clock);
    node = new FakeNode(cluster.member(1).system());
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private RelayClient present(BackhaulAddress at, byte[] ticket) throws IOException {
    return RelayClient.connect(new InetSocketAddress(at.host(), at.port())).send(ticket);
  }

  private long count(DropReason reason) {
    return cluster.node(1).counters().of(reason);
  }

  private void expectTombstone(String uuid) {
    node.join(uuid, 99, SessionSide.B, BackhaulAddress.NONE);
    assertThat(node.receive(SessionReply.Refused.class))
        .isEqualTo(new SessionReply.Refused(99, true));
  }

  /** A leg of this node that waits, and a later one of the fake node, which gets the ticket. */
  private SessionReply.Paired pairedWith(String uuid) {
    await().until(() -> cluster.placeOf(uuid) > 0);
    node.join(uuid, 1, SessionSide.B, new BackhaulAddress("127.0.0.1", 9));
    return node.receive(SessionReply.Paired.class);
  }

  @Test
  void aTicketIsGoodOnce() throws Exception {
    try (RelayClient a = cluster.node(1).sideA("once")) {
      SessionReply.Paired pairing = pairedWith("once");
      assertThat(pairing.dial()).isEqualTo(cluster.node(1).server().backhaulAddress());
      byte[] ticket = pairing.ticket().bytes().toByteArray();
      try (RelayClient connection = present(pairing.dial(), ticket)) {
        assertThat(connection.read()).isEqualTo(Ticket.ACCEPTED);
        connection.send("for a");
        assertThat(a.receive(5)).isEqualTo("for a");
        try (RelayClient copy = present(pairing.dial(), ticket)) {
          turnUntil(DropReason.BACKHAUL_TICKET);
          assertThat(copy.isClosed()).isTrue();
        }
        connection.send("still");
        assertThat(a.receive(5)).isEqualTo("still");
      }
    }
  }

  @Test
  void aTicketThatIsHalfRightOpensNothingAndSpoilsNothing() throws Exception {
    try (RelayClient a = cluster.node(1).sideA("half")) {
      SessionReply.Paired pairing = pairedWith("half");
      byte[] wrong = pairing.ticket().bytes().toByteArray();
      wrong[Ticket.SIZE - 1] ^= 1;
      try (RelayClient thief = present(pairing.dial(), wrong)) {
        try (RelayClient connection =
            present(pairing.dial(), pairing.ticket().bytes().toByteArray())) {
          assertThat(connection.read()).isEqualTo(Ticket.ACCEPTED);
          connection.send("x");
          assertThat(a.receive(1)).isEqualTo("x");
        }
        turnUntil(DropReason.BACKHAUL_TICKET);
        assertThat(thief.isClosed()).isTrue();
      }
    }
  }

  @Test
  void aNodeThatNeverComesEndsTheSession() throws Exception {
    try (RelayClient a = cluster.node(1).sideA("missed")) {
      SessionReply.Paired pairing = pairedWith("missed");
      turnUntil(DropReason.BACKHAUL_UNMET);
      assertThat(a.isClosed()).isTrue();
      node.receive(SessionReply.PartnerGone.class);
      expectTombstone("missed");
      try (RelayClient late = present(pairing.dial(), pairing.ticket().bytes().toByteArray())) {
        turnUntil(DropReason.BACKHAUL_TICKET);
        assertThat(late.isClosed()).isTrue();
      }
    }
  }

  @Test
  void aNodeWhereNobodyListensEndsTheSession() throws Exception {
    int closed;
    try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = gone.getLocalPort();
    }
    node.join("refused", 1, SessionSide.B, new BackhaulAddress("127.0.0.1", closed));
    node.receive(SessionReply.Waiting.class);
    try (RelayClient a = cluster.node(1).sideA("refused")) {
      assertThat(a.isClosed()).isTrue();
    }
    assertThat(count(DropReason.BACKHAUL_UNREACHABLE)).isOne();
    node.receive(SessionReply.Paired.class);
    node.receive(SessionReply.PartnerGone.class);
    expectTombstone("refused");
  }

  @Test
  void aNodeThatAcceptsTheTicketAndSendsNothingEndsTheSession() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      node.join(
          "silent", 1, SessionSide.B, new BackhaulAddress("127.0.0.1", silent.getLocalPort()));
      node.receive(SessionReply.Waiting.class);
      try (RelayClient a = cluster.node(1).sideA("silent");
          Socket connection = silent.accept()) {
        byte[] ticket = connection.getInputStream().readNBytes(Ticket.SIZE);
        SessionReply.Paired pairing = node.receive(SessionReply.Paired.class);
        assertThat(ticket).isEqualTo(pairing.ticket().bytes().toByteArray());
        assertThat(a.isClosed()).isTrue();
        assertThat(connection.getInputStream().read()).isEqualTo(-1);
      }
      assertThat(count(DropReason.BACKHAUL_UNREACHABLE)).isOne();
      node.receive(SessionReply.PartnerGone.class);
      expectTombstone("silent");
    }
  }

  @Test
  void aClientThatLeavesBeforeTheyMeetEndsTheSession() throws Exception {
    RelayClient a = cluster.node(1).sideA("gone");
    SessionReply.Paired pairing = pairedWith("gone");
    a.close();
    node.receive(SessionReply.PartnerGone.class);
    try (RelayClient connection = present(pairing.dial(), pairing.ticket().bytes().toByteArray())) {
      turnUntil(DropReason.BACKHAUL_TICKET);
      assertThat(connection.isClosed()).isTrue();
    }
    expectTombstone("gone");
  }

  /** Time passes until this is counted. */
  private void turnUntil(DropReason reason) {
    await()
        .until(() -> {
          clock.turn(Duration.ofMillis(500));
          return count(reason) > 0;
        });
  }
}
