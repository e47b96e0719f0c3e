package dev.rallypoint.relay.splice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.policy.AccessKey;
import dev.rallypoint.policy.AddressList;
import dev.rallypoint.policy.SpeedLimits;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.relay.RelayLab;
import dev.rallypoint.relay.session.EndReason;
import dev.rallypoint.relay.session.Ticket;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.transport.ConsoleCommand;
import dev.rallypoint.transport.FrameMemory;
import dev.rallypoint.transport.HandlerFaults;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LegTest {
  private static final PeerAddress ANYBODY =
      PeerAddress.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 21117));

  private final SpliceEngine engine = engine();

  private static SpliceEngine engine() {
    Counters counters = new Counters(new SimpleMeterRegistry());
    RelayRules rules =
        new RelayRules(SpeedLimits.from(RelayLab.FAST), AddressList.EMPTY, AddressList.EMPTY);
    return new SpliceEngine(
        RelayLab.settings(),
        rules,
        new RelayHandshake(new AccessKey(RelayLab.KEY)),
        0,
        Set.of(),
        counters,
        FrameMemory.ofHeap(),
        new HandlerFaults(counters, Ticker.SYSTEM),
        Ticker.SYSTEM);
  }

  private static final class NobodyListens implements LegListener {
    @Override
    public void onAdmitted(RelayLeg leg, RelayHandshake.Verdict.Admitted request) {}

    @Override
    public void onCommand(Leg leg, ConsoleCommand command) {}

    @Override
    public void onTicket(Leg pipe, Ticket ticket) {}

    @Override
    public void onClosed(RelayLeg leg) {}

    @Override
    public void onEnded(LiveSession session, EndReason reason) {}

    @Override
    public void onLoopLost(Throwable fault) {}
  }

  @AfterEach
  void stop() {
    engine.stop();
  }

  @Test
  void doesWhatItWasAskedOnTheLoopItHasGoneTo() throws Exception {
    CompletableFuture<Thread> seen = new CompletableFuture<>();
    CompletableFuture<Thread> expected = new CompletableFuture<>();
    try (SocketChannel channel = SocketChannel.open()) {
      Leg leg = engine.newPipe(channel, ANYBODY);
      Leg neighbour = engine.newPipe(channel, ANYBODY);
      assertThat(neighbour.loop()).isNotSameAs(leg.loop());
      leg.execute(here -> here.depart(neighbour.loop()));
      leg.execute(here -> seen.complete(Thread.currentThread()));
      neighbour.execute(there -> expected.complete(Thread.currentThread()));
      engine.start(new NobodyListens());
      assertThat(seen.get(20, TimeUnit.SECONDS)).isSameAs(expected.get(20, TimeUnit.SECONDS));
    }
  }
}
