package dev.rallypoint.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.relay.session.BackhaulAddress;
import dev.rallypoint.relay.session.OddHome;
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
class BackhaulMeetingTest {
  @TempDir private Path data;
  private final RelayLab.HandClock clock = new RelayLab.HandClock();
  private RelayCluster cluster;
  private OddHome odd;

  @BeforeEach
  void start() {
    cluster = RelayCluster.of(1, data, around -> around, clock);
    odd = new OddHome(cluster.member(1).system());
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private RelayClient knock(BackhaulAddress at, byte[] ticket) throws IOException {
    return RelayClient.connect(new InetSocketAddress(at.host(), at.port())).say(ticket);
  }

  private long count(DropReason reason) {
    return cluster.node(1).counters().of(reason);
  }

  private void expectTombstone(String uuid) {
    odd.join(uuid, 99, SessionSide.B, BackhaulAddress.NONE);
    assertThat(odd.hear(SessionReply.Refused.class)).isEqualTo(new SessionReply.Refused(99, true));
  }

  /** A leg of ours that waits, and the odd home's that comes for it and is given the ticket. */
  private SessionReply.Paired introducedTo(String uuid) {
    await().until(() -> cluster.placeOf(uuid) > 0);
    odd.join(uuid, 1, SessionSide.B, new BackhaulAddress("127.0.0.1", 9));
    return odd.hear(SessionReply.Paired.class);
  }

  @Test
  void aTicketIsGoodOnce() throws Exception {
    try (RelayClient a = cluster.node(1).sideA("once")) {
      SessionReply.Paired introduced = introducedTo("once");
      assertThat(introduced.dial()).isEqualTo(cluster.node(1).server().backhaulAddress());
      byte[] ticket = introduced.ticket().bytes().toByteArray();
      try (RelayClient pipe = knock(introduced.dial(), ticket)) {
        assertThat(pipe.read()).isEqualTo(Ticket.ACCEPTED);
        pipe.say("for a");
        assertThat(a.hear(5)).isEqualTo("for a");
        try (RelayClient copy = knock(introduced.dial(), ticket)) {
          turnUntil(DropReason.BACKHAUL_TICKET);
          assertThat(copy.isCutOff()).isTrue();
        }
        pipe.say("still");
        assertThat(a.hear(5)).isEqualTo("still");
      }
    }
  }

  @Test
  void aTicketThatIsHalfRightOpensNothingAndSpoilsNothing() throws Exception {
    try (RelayClient a = cluster.node(1).sideA("half")) {
      SessionReply.Paired introduced = introducedTo("half");
      byte[] wrong = introduced.ticket().bytes().toByteArray();
      wrong[Ticket.SIZE - 1] ^= 1;
      try (RelayClient thief = knock(introduced.dial(), wrong)) {
        try (RelayClient pipe =
            knock(introduced.dial(), introduced.ticket().bytes().toByteArray())) {
          assertThat(pipe.read()).isEqualTo(Ticket.ACCEPTED);
          pipe.say("x");
          assertThat(a.hear(1)).isEqualTo("x");
        }
        turnUntil(DropReason.BACKHAUL_TICKET);
        assertThat(thief.isCutOff()).isTrue();
      }
    }
  }

  @Test
  void aNodeThatNeverComesEndsTheSession() throws Exception {
    try (RelayClient a = cluster.node(1).sideA("missed")) {
      SessionReply.Paired introduced = introducedTo("missed");
      turnUntil(DropReason.BACKHAUL_UNMET);
      assertThat(a.isCutOff()).isTrue();
      odd.hear(SessionReply.PartnerGone.class);
      expectTombstone("missed");
      try (RelayClient late = knock(introduced.dial(), introduced.ticket().bytes().toByteArray())) {
        turnUntil(DropReason.BACKHAUL_TICKET);
        assertThat(late.isCutOff()).isTrue();
      }
    }
  }

  @Test
  void aNodeWhereNobodyListensEndsTheSession() throws Exception {
    int closed;
    try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = gone.getLocalPort();
    }
    odd.join("refused", 1, SessionSide.B, new BackhaulAddress("127.0.0.1", closed));
    odd.hear(SessionReply.Waiting.class);
    try (RelayClient a = cluster.node(1).sideA("refused")) {
      assertThat(a.isCutOff()).isTrue();
    }
    assertThat(count(DropReason.BACKHAUL_UNREACHABLE)).isOne();
    odd.hear(SessionReply.Paired.class);
    odd.hear(SessionReply.PartnerGone.class);
    expectTombstone("refused");
  }

  @Test
  void aNodeThatTakesTheTicketAndSaysNothingEndsTheSession() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      odd.join("silent", 1, SessionSide.B, new BackhaulAddress("127.0.0.1", silent.getLocalPort()));
      odd.hear(SessionReply.Waiting.class);
      try (RelayClient a = cluster.node(1).sideA("silent");
          Socket pipe = silent.accept()) {
        byte[] ticket = pipe.getInputStream().readNBytes(Ticket.SIZE);
        SessionReply.Paired introduced = odd.hear(SessionReply.Paired.class);
        assertThat(ticket).isEqualTo(introduced.ticket().bytes().toByteArray());
        assertThat(a.isCutOff()).isTrue();
        assertThat(pipe.getInputStream().read()).isEqualTo(-1);
      }
      assertThat(count(DropReason.BACKHAUL_UNREACHABLE)).isOne();
      odd.hear(SessionReply.PartnerGone.class);
      expectTombstone("silent");
    }
  }

  @Test
  void aClientThatLeavesBeforeTheyMeetEndsTheSession() throws Exception {
    RelayClient a = cluster.node(1).sideA("gone");
    SessionReply.Paired introduced = introducedTo("gone");
    a.close();
    odd.hear(SessionReply.PartnerGone.class);
    try (RelayClient pipe = knock(introduced.dial(), introduced.ticket().bytes().toByteArray())) {
      turnUntil(DropReason.BACKHAUL_TICKET);
      assertThat(pipe.isCutOff()).isTrue();
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
