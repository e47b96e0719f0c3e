package dev.rallypoint.relay.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.policy.AccessKey;
import dev.rallypoint.policy.AddressList;
import dev.rallypoint.policy.SpeedLimits;
import dev.rallypoint.policy.limit.BandwidthBudget;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.relay.RelayLab;
import dev.rallypoint.relay.conduit.BufferBudget;
import dev.rallypoint.relay.conduit.ConduitPool;
import dev.rallypoint.relay.conduit.PipePool;
import dev.rallypoint.relay.session.EndReason;
import dev.rallypoint.relay.session.Ticket;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.transport.ConsoleCommand;
import dev.rallypoint.transport.FrameMemory;
import dev.rallypoint.transport.HandlerFaults;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A TCP leg that moves from loop to loop. */
class TcpLegTest {
  private static final PeerAddress ANYBODY =
      PeerAddress.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 21117));

  private final RelayRules rules =
      new RelayRules(SpeedLimits.from(RelayLab.FAST), AddressList.EMPTY, AddressList.EMPTY);
  private final Counters counters = new Counters();
  private final RelayContext context =
      new RelayContext(
          RelayLab.settings(),
          rules,
          new RelayHandshake(new AccessKey(RelayLab.KEY)),
          counters,
          FrameMemory.ofHeap(),
          new HandlerFaults(counters, Ticker.SYSTEM),
          Ticker.SYSTEM);
  private final RelayLoop one = loop(1);
  private final RelayLoop other = loop(2);

  private RelayLoop loop(int number) {
    return new RelayLoop(
        number,
        context,
        new Throttle(rules, new BandwidthBudget(0)),
        new ConduitPool(new BufferBudget(0), 1, PipePool.none()),
        fault -> {});
  }

  private static final class NoListener implements LegListener {
    @Override
    public void onAdmitted(RelayLeg leg, RelayHandshake.Verdict.Admitted request) {}

    @Override
    public void onKeyRefused(RelayHandshake.Verdict.Admitted wanted) {}

    @Override
    public void onCommand(ConsoleCommand command, Consumer<String> reply) {}

    @Override
    public void onTicket(TcpLeg leg, Ticket ticket) {}

    @Override
    public void onClosed(RelayLeg leg) {}

    @Override
    public void onEnded(LegPair legs, long bytes, EndReason reason) {}

    @Override
    public void onLoopLost(Throwable fault) {}
  }

  @AfterEach
  void stop() {
    one.stop();
    other.stop();
  }

  @Test
  void runsATaskOnTheLoopThatItHasMovedTo() throws Exception {
    CompletableFuture<Thread> seen = new CompletableFuture<>();
    CompletableFuture<Thread> expected = new CompletableFuture<>();
    try (SocketChannel channel = SocketChannel.open()) {
      TcpLeg leg = new TcpLeg(1, channel, ANYBODY, null, one, new NoListener());
      leg.execute(here -> here.moveTo(other));
      leg.execute(here -> seen.complete(Thread.currentThread()));
      other.execute(() -> expected.complete(Thread.currentThread()));
      one.start();
      other.start();
      assertThat(seen.get(20, TimeUnit.SECONDS)).isSameAs(expected.get(20, TimeUnit.SECONDS));
    }
  }
}
