package dev.rallypoint.relay.engine;

import dev.rallypoint.config.RelaySettings;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.limit.BandwidthBudget;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.relay.bridge.BridgedSession;
import dev.rallypoint.relay.bridge.FramedTcpLeg;
import dev.rallypoint.relay.bridge.MessageLeg;
import dev.rallypoint.relay.bridge.WebSocketLeg;
import dev.rallypoint.relay.conduit.BufferBudget;
import dev.rallypoint.relay.conduit.ConduitPool;
import dev.rallypoint.relay.conduit.PipePool;
import dev.rallypoint.relay.conduit.SpliceProbe;
import dev.rallypoint.relay.handshake.AwaitingRequest;
import dev.rallypoint.relay.loop.LegListener;
import dev.rallypoint.relay.loop.LegPair;
import dev.rallypoint.relay.loop.LiveSession;
import dev.rallypoint.relay.loop.RelayContext;
import dev.rallypoint.relay.loop.RelayLeg;
import dev.rallypoint.relay.loop.RelayLoop;
import dev.rallypoint.relay.loop.SessionReport;
import dev.rallypoint.relay.loop.TcpLeg;
import dev.rallypoint.relay.loop.Throttle;
import dev.rallypoint.relay.session.EndReason;
import dev.rallypoint.relay.splice.SplicedSession;
import dev.rallypoint.transport.ClientConnection;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The relay's data path: the loops, the legs on them, and the running sessions. It knows no actor:
 * what happens is reported to its {@link LegListener}. Methods are for any thread.
 */
public final class RelayEngine {
  private static final Logger LOG = LoggerFactory.getLogger(RelayEngine.class);

  private static final int MAX_LOOPS = 4;

  private final RelayContext context;
  private final Set<String> commands;
  private final List<RelayLoop> loops = new ArrayList<>();
  private final Set<LiveSession> sessions = ConcurrentHashMap.newKeySet();
  private final AtomicLong legs = new AtomicLong();
  private volatile @Nullable LegListener listener;

  /**
   * @param buffers what the buffers of all loops may take
   * @param pipes the most pipes to splice through, by the descriptors that there are
   * @param commands the console's commands, taken from this machine; none without a console
   */
  public RelayEngine(RelayContext context, BufferBudget buffers, int pipes, Set<String> commands) {
    this.context = context;
    this.commands = commands;
    RelaySettings settings = context.settings();
    BandwidthBudget node = new BandwidthBudget(context.now());
    int count =
        settings.loops() > 0
            ? settings.loops()
            : Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MAX_LOOPS);
    boolean splices = SpliceProbe.passes(settings.splice());
    int pipesOfLoop = splices ? PipePool.boundOfNode(pipes) / count : 0;
    if (splices && pipesOfLoop == 0) {
      LOG.warn("relayed bytes are copied: this process may open too few files for pipes");
    }
    for (int i = 0; i < count; i++) {
      PipePool pool = pipesOfLoop > 0 ? PipePool.of(pipesOfLoop) : PipePool.none();
      loops.add(
          new RelayLoop(
              i,
              context,
              new Throttle(context.rules(), node),
              new ConduitPool(buffers, count, pool),
              fault -> listener().onLoopLost(fault)));
    }
  }

  /** Starts the loops; once, before any other call but {@link #context} and {@link #sessions}. */
  public void start(LegListener reportTo) {
    listener = reportTo;
    loops.forEach(RelayLoop::start);
  }

  private LegListener listener() {
    LegListener present = listener;
    if (present == null) {
      throw new IllegalStateException("the engine is not started");
    }
    return present;
  }

  /** What all connections of this relay have in common. */
  public RelayContext context() {
    return context;
  }

  /** Takes a client's connection; its leg is reported when it closes, even if that is at once. */
  public void open(ClientConnection client, SocketChannel channel) {
    TcpLeg leg = newLeg(channel, client.peer(), client);
    leg.execute(here -> AwaitingRequest.begin(here, client, commands, context.now()));
  }

  /** A backhaul connection; nothing is read before it is begun. */
  public TcpLeg newBackhaulLeg(SocketChannel channel, PeerAddress node) {
    return newLeg(channel, node, null);
  }

  private TcpLeg newLeg(
      SocketChannel channel, PeerAddress peer, @Nullable ClientConnection client) {
    long number = legs.incrementAndGet();
    return new TcpLeg(number, channel, peer, client, loopOf(number), listener());
  }

  private RelayLoop loopOf(long number) {
    return loops.get((int) (number % loops.size()));
  }

  /** A leg for a WebSocket connection. */
  public WebSocketLeg newWebSocket(PeerAddress address) {
    return new WebSocketLeg(legs.incrementAndGet(), address, context, listener());
  }

  /** Makes two legs that await their partner a session; its end is reported, even if at once. */
  public void join(LegPair pair) {
    if (pair.isCountedHere()) {
      context.counters().count(Event.RELAY_SESSIONS);
    }
    context.counters().access().relayStarted(pair.shown());
    LiveSession session =
        pair.a() instanceof TcpLeg a && pair.b() instanceof TcpLeg b
            ? new SplicedSession(pair, a, b, leastBusyLoop(), this::onEnded)
            : new BridgedSession(
                pair,
                messagesOf(pair.a()),
                messagesOf(pair.b()),
                loopOf(pair.a().number()),
                this::onEnded);
    sessions.add(session);
    session.start();
  }

  private static MessageLeg messagesOf(RelayLeg leg) {
    return switch (leg) {
      case TcpLeg tcp -> new FramedTcpLeg(tcp);
      case WebSocketLeg webSocket -> webSocket.messages();
      default -> throw new IllegalArgumentException("no leg of this relay: " + leg);
    };
  }

  /** A loop that has ended has no sessions, and must not get all of them. */
  private RelayLoop leastBusyLoop() {
    boolean areAllStopping = loops.stream().allMatch(RelayLoop::isStopping);
    return loops.stream()
        .filter(loop -> areAllStopping || !loop.isStopping())
        .min(Comparator.comparingInt(loop -> loop.sessions().get()))
        .orElseThrow();
  }

  private void onEnded(LiveSession session, EndReason reason) {
    sessions.remove(session);
    SessionReport last = session.report(context.now());
    String why = reason.name().toLowerCase(Locale.ROOT);
    context
        .counters()
        .access()
        .relayEnded(session.legs().shown(), last.bytes(), last.seconds(), why);
    listener().onEnded(session.legs(), session.bytes(), reason);
  }

  /** The running sessions, in no order. */
  public List<SessionReport> sessions() {
    long now = context.now();
    return sessions.stream().map(session -> session.report(now)).toList();
  }

  /** The running sessions themselves, in no order. */
  public List<LiveSession> live() {
    return List.copyOf(sessions);
  }

  /** How many sessions are running that this node counts. */
  public long countedSessions() {
    return sessions.stream().filter(session -> session.legs().isCountedHere()).count();
  }

  /** How many sessions are running. */
  public int sessionCount() {
    return sessions.size();
  }

  /** Ends sessions that have stalled for long, on each loop where others wait for a conduit. */
  public void endStalled() {
    for (RelayLoop loop : sessions.isEmpty() ? List.<RelayLoop>of() : loops) {
      loop.execute(() -> endStalled(loop));
    }
  }

  private void endStalled(RelayLoop loop) {
    int waiting = loop.conduits().waiting();
    if (waiting > 0) {
      List<LiveSession> own = sessions.stream().filter(session -> session.loop() == loop).toList();
      StalledSessions.end(own, waiting, context.now());
    }
  }

  /** Ends so many sessions, or all there are; one that is only just beginning is passed over. */
  public void end(int count, EndReason reason) {
    sessions.stream().limit(count).forEach(session -> session.end(reason));
  }

  /** Ends the session of a uuid; false when there is none. */
  public boolean end(String uuid, EndReason reason) {
    List<LiveSession> found =
        sessions.stream().filter(session -> session.legs().uuid().equals(uuid)).toList();
    found.forEach(session -> session.end(reason));
    return !found.isEmpty();
  }

  /** Ends all sessions, closes all legs, stops the loops. */
  public void stop() {
    sessions.forEach(session -> session.end(EndReason.STOPPED));
    loops.forEach(RelayLoop::stop);
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
    return sum(ConduitPool::lent);
  }

  /** Directions of sessions that are not read because there is no conduit for them. */
  public CompletionStage<Integer> waitingForConduits() {
    return sum(ConduitPool::waiting);
  }

  private CompletionStage<Integer> sum(ToIntFunction<ConduitPool> count) {
    CompletionStage<Integer> sum = CompletableFuture.completedStage(0);
    for (RelayLoop loop : loops) {
      CompletableFuture<Integer> counted = new CompletableFuture<>();
      loop.execute(() -> counted.complete(count.applyAsInt(loop.conduits())));
      sum = sum.thenCombine(counted, Integer::sum);
    }
    return sum;
  }
}
