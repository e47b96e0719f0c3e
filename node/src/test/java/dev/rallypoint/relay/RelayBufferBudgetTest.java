package dev.rallypoint.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.proto.ConnType;
import dev.rallypoint.relay.conduit.BufferBudget;
import dev.rallypoint.transport.FrameMemory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of sessions when all buffers of the relay are in use, over real sockets. */
class RelayBufferBudgetTest {
  /** Room for two buffers. */
  private static final BufferBudget TWO = new BufferBudget(2 * 8 * 1024);

  /** More than the system takes for a reader that does not read. */
  private static final long MUCH = 24_000_000;

  /** Bytes that the system takes at once for a reader that does not read. */
  private static final int WINDOW = 64 * 1024;

  @RegisterExtension private final Relays relays = new Relays();
  private final RelayLab.HandClock clock = new RelayLab.HandClock();
  private final List<Unread> unread = new ArrayList<>();
  private RelayLab lab;

  /** A session whose side A does not read what side B sends. */
  private record Unread(RelayClient a, RelayClient b, CompletableFuture<byte[]> sent) {
    byte[] read() throws Exception {
      return a.hashOf(MUCH);
    }
  }

  @BeforeEach
  void start() {
    lab = relays.start(relays.parts(RelayLab.copyingOnOneLoop(), FrameMemory.ofHeap()), clock, TWO);
  }

  @AfterEach
  void stop() throws Exception {
    for (Unread session : unread) {
      session.a.close();
      session.b.close();
    }
  }

  private Unread open(String uuid, ConnType type) throws Exception {
    String fresh = fresh(uuid);
    RelayClient a =
        RelayClient.connect(lab.server().address(), WINDOW).send(Requests.sideA(fresh, type));
    RelayClient b = lab.sideB(fresh);
    Couple.of(a, b);
    Unread opened = new Unread(a, b, RelayClient.async(() -> b.sendRandom(uuid.hashCode(), MUCH)));
    unread.add(opened);
    return opened;
  }

  /** The relays of the tests share a cluster, in which a uuid is taken for a minute. */
  private String fresh(String uuid) {
    return uuid + "-" + lab.server().address().getPort();
  }

  private void awaitLent(int lent) {
    await().until(() -> lab.server().lentConduits().toCompletableFuture().join() == lent);
  }

  private void awaitWaiting(int waiting) {
    await().until(() -> lab.server().waitingForConduits().toCompletableFuture().join() == waiting);
  }

  @Test
  void manyTakeTurnsWithTwoBuffersAndNoByteIsLost() throws Exception {
    for (int i = 0; i < 6; i++) {
      open("many-" + i, ConnType.DEFAULT_CONN);
    }
    awaitWaiting(4);
    List<CompletableFuture<byte[]>> read = new ArrayList<>();
    for (Unread session : unread) {
      read.add(RelayClient.async(session::read));
    }
    for (int i = 0; i < unread.size(); i++) {
      assertThat(read.get(i).join()).isEqualTo(unread.get(i).sent().join());
    }
    awaitLent(0);
    awaitWaiting(0);
  }

  @Test
  void aStalledTunnelGivesWayToOneThatWaits() throws Exception {
    for (int i = 0; i < 3; i++) {
      open("tunnel-" + i, ConnType.PORT_FORWARD);
    }
    awaitWaiting(1);
    await()
        .until(() -> {
          clock.turn(Duration.ofSeconds(2));
          return lab.counters().of(DropReason.RELAY_STALLED) > 0;
        });
    lab.awaitSessions(2);
    awaitWaiting(0);
    assertThat(lab.counters().of(DropReason.RELAY_STALLED)).isOne();
  }

  @Test
  void stalledTunnelsStayWhileNobodyWaits() throws Exception {
    Unread first = open("first", ConnType.PORT_FORWARD);
    Unread second = open("second", ConnType.PORT_FORWARD);
    awaitLent(2);
    clock.turn(Duration.ofSeconds(11));
    assertThat(first.read()).isEqualTo(first.sent().join());
    assertThat(second.read()).isEqualTo(second.sent().join());
  }
}
