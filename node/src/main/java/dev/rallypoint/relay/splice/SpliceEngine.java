package dev.rallypoint.relay.splice;

import dev.rallypoint.config.RelaySettings;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.BandwidthBudget;
import dev.rallypoint.policy.LogRateLimit;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.ConnType;
import dev.rallypoint.relay.conduit.ConduitPool;
import dev.rallypoint.relay.conduit.PipePool;
import dev.rallypoint.relay.conduit.SpliceProbe;
import dev.rallypoint.relay.session.EndReason;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.transport.ClientConnection;
import dev.rallypoint.transport.FrameMemory;
import dev.rallypoint.transport.HandlerFaults;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The relay's data path: a few selector loops that read first frames, keep waiting legs, and copy
 * between the two legs of a session. Knows no actor: what it learns it tells its {@link
 * LegListener}, what it is told it hands to the loop that the leg is on. Methods are for any
 * thread.
 */
public final class SpliceEngine {
  private static final Logger LOG = LoggerFactory.getLogger(SpliceEngine.class);
  private static final long PENDING_BOUND = 64L * 1024 * 1024;
  private static final int MOST_LOOPS = 4;

  private final RelaySettings settings;
  private final RelayRules rules;
  private final RelayHandshake handshake;
  private final Set<String> commands;
  private final Counters counters;
  private final FrameMemory memory;
  private final HandlerFaults faults;
  private final Ticker clock;
  private final BandwidthBudget node;
  private final LogRateLimit keyWarnings = new LogRateLimit(Duration.ofMinutes(1).toNanos());
  private final List<SpliceLoop> loops = new ArrayList<>();
  private final Set<LiveSession> sessions = ConcurrentHashMap.newKeySet();
  private final AtomicLong legs = new AtomicLong();
  private @Nullable LegListener events;

  /**
   * @param pipes the most pipes to splice through, by the descriptors that there are
   * @param commands the console's commands, taken from this machine; none without a console
   * @param memory what all connections share for bytes that nobody takes yet
   * @param clock the clock for durations
   */
  public SpliceEngine(
      RelaySettings settings,
      RelayRules rules,
      RelayHandshake handshake,
      int pipes,
      Set<String> commands,
      Counters counters,
      FrameMemory memory,
      HandlerFaults faults,
      Ticker clock) {
    this.settings = settings;
    this.rules = rules;
    this.handshake = handshake;
    this.commands = commands;
    this.counters = counters;
    this.memory = memory;
    this.faults = faults;
    this.clock = clock;
    this.node = new BandwidthBudget(clock.nanos());
    int count =
        settings.loops() > 0
            ? settings.loops()
            : Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MOST_LOOPS);
    boolean splices = SpliceProbe.passes(settings.splice());
    int pipesOfLoop = splices ? PipePool.boundOfNode(pipes) / count : 0;
    if (splices && pipesOfLoop == 0) {
      LOG.warn("relayed bytes are copied, for this process may open too few files to have pipes");
    }
    for (int i = 0; i < count; i++) {
      PipePool pool = pipesOfLoop > 0 ? PipePool.of(pipesOfLoop) : PipePool.none();
      loops.add(
          new SpliceLoop(
              this, i, new Throttle(rules, node), new ConduitPool(PENDING_BOUND / count, pool)));
    }
  }

  /** Starts the loops; once. */
  public void start(LegListener listener) {
    events = listener;
    loops.forEach(SpliceLoop::start);
  }

  /** Takes a client's connection. Its closing is told to the events, even if it is at once. */
  public void open(ClientConnection client, SocketChannel channel) {
    long number = legs.incrementAndGet();
    SpliceLoop loop = loops.get((int) (number % loops.size()));
    Leg leg = Leg.ofClient(number, channel, client, loop);
    leg.execute(here -> AwaitingRequest.begin(here, client, now()));
  }

  /** A pipe to or from another node; it does nothing before it is begun. */
  public Leg newPipe(SocketChannel channel, PeerAddress node) {
    long number = legs.incrementAndGet();
    return Leg.ofPipe(number, channel, node, loops.get((int) (number % loops.size())));
  }

  /** Begins a pipe that has yet to show its ticket; its closing is told to the events. */
  public void beginComing(Leg pipe) {
    pipe.execute(leg -> AwaitingTicket.begin(leg, now()));
  }

  /** Begins a pipe whose ticket was taken; its closing is told to the events. */
  public void beginKnown(Leg pipe) {
    pipe.execute(leg -> AwaitingPartner.beginPipe(leg, now()));
  }

  /** Says to a pipe whose ticket is good that it is let in. */
  public void welcome(Leg pipe) {
    pipe.execute(AwaitingTicket::accept);
  }

  /** A leg for a WebSocket connection. Its closing is told to the events. */
  public WebSocketLeg openStream(PeerAddress address) {
    return new WebSocketLeg(legs.incrementAndGet(), address, this);
  }

  /** Makes two waiting legs a session; its end is told to the events, even if it is at once. */
  public void join(String uuid, RelayLeg a, RelayLeg b, ConnType connType, boolean isLimited) {
    counters.count(Event.RELAY_SESSIONS);
    if (a instanceof Leg tcpA && b instanceof Leg tcpB) {
      pair(uuid, tcpA, tcpB, connType, isLimited);
    } else {
      SpliceLoop loop = loops.get((int) (a.number() % loops.size()));
      BridgedSession bridge = new BridgedSession(this, loop, uuid, a, b, connType, isLimited);
      sessions.add(bridge);
      bridge.begin();
    }
  }

  private void pair(String uuid, Leg a, Leg b, ConnType connType, boolean isLimited) {
    SpliceLoop target =
        living().min(Comparator.comparingInt(loop -> loop.pairs().get())).orElseThrow();
    target.pairs().incrementAndGet();
    SplicedSession pair = new SplicedSession(uuid, a, b, connType, isLimited, target, now());
    sessions.add(pair);
    a.execute(first -> {
      first.depart(target);
      b.execute(second -> {
        second.depart(target);
        target.execute(() -> pair.begin(now()));
      });
    });
  }

  /** A loop that has ended has no sessions, and must not get all of them. */
  private Stream<SpliceLoop> living() {
    boolean areAllStopping = loops.stream().allMatch(SpliceLoop::isStopping);
    return loops.stream().filter(loop -> areAllStopping || !loop.isStopping());
  }

  /** Answers a console connection and closes it. */
  public void answer(Leg leg, String text) {
    leg.execute(console -> {
      if (console.phase() instanceof ConsoleReply farewell) {
        farewell.say(console, text.getBytes(StandardCharsets.UTF_8), now());
      }
    });
  }

  /** The live sessions, in no order. */
  public List<SessionReport> sessions() {
    return sessions.stream().map(session -> session.report(now())).toList();
  }

  /** Sessions that are running now. */
  public int sessionCount() {
    return sessions.size();
  }

  /** Ends so many sessions, or all there are; one that is only just beginning is passed over. */
  public void end(int count, EndReason reason) {
    sessions.stream().limit(count).forEach(session -> end(session, reason));
  }

  private static void end(LiveSession session, EndReason reason) {
    switch (session) {
      case BridgedSession bridge -> bridge.end(reason);
      case SplicedSession pair -> pair.loop().execute(() -> pair.endOnceBegun(reason));
    }
  }

  /** Ends all sessions, closes all legs, stops the loops. */
  public void stop() {
    for (LiveSession session : sessions) {
      if (session instanceof BridgedSession bridge) {
        bridge.end(EndReason.STOPPED);
      }
    }
    loops.forEach(SpliceLoop::stop);
  }

  /** Complete once all loops have stopped. */
  public CompletionStage<Void> stopped() {
    return CompletableFuture.allOf(
        loops.stream()
            .map(loop -> loop.stopped().toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new));
  }

  /** Conduits that sessions hold now. */
  public CompletionStage<Integer> lentConduits() {
    CompletionStage<Integer> sum = CompletableFuture.completedStage(0);
    for (SpliceLoop loop : loops) {
      CompletableFuture<Integer> lent = new CompletableFuture<>();
      loop.execute(() -> lent.complete(loop.conduits().lent()));
      sum = sum.thenCombine(lent, Integer::sum);
    }
    return sum;
  }

  public long now() {
    return clock.nanos();
  }

  public RelaySettings settings() {
    return settings;
  }

  RelayRules rules() {
    return rules;
  }

  /** The node's cap, shared by all sessions. */
  BandwidthBudget nodeBudget() {
    return node;
  }

  RelayHandshake handshake() {
    return handshake;
  }

  Set<String> commands() {
    return commands;
  }

  public Counters counters() {
    return counters;
  }

  /** What all connections share for bytes that nobody takes yet. */
  public FrameMemory memory() {
    return memory;
  }

  /** What becomes of faults in the handling of one connection. */
  public HandlerFaults faults() {
    return faults;
  }

  LegListener events() {
    if (events == null) {
      throw new IllegalStateException("the engine is not started");
    }
    return events;
  }

  void warnOfKey(PeerAddress address, String fingerprint, long now) {
    if (keyWarnings.admits(now)) {
      LOG.warn(
          "{} was not relayed: its key (fingerprint {}) is not this server's",
          address,
          fingerprint);
    }
  }

  void onEnded(LiveSession session, EndReason reason) {
    sessions.remove(session);
    events().onEnded(session, reason);
  }
}
