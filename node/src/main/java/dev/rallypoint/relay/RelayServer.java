package dev.rallypoint.relay;

import dev.rallypoint.cluster.RelayDirectory;
import dev.rallypoint.cluster.RelayNode;
import dev.rallypoint.cluster.VitalPart;
import dev.rallypoint.policy.RuleName;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.relay.backhaul.Backhaul;
import dev.rallypoint.relay.bridge.WebSocketLeg;
import dev.rallypoint.relay.engine.RelayEngine;
import dev.rallypoint.relay.legs.LegCommand;
import dev.rallypoint.relay.legs.NodeLegsRegistry;
import dev.rallypoint.relay.legs.RelayDrain;
import dev.rallypoint.relay.loop.RelayRules;
import dev.rallypoint.relay.loop.SessionReport;
import dev.rallypoint.relay.session.BackhaulAddress;
import dev.rallypoint.relay.session.EndReason;
import dev.rallypoint.transport.WebSocketFlow;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.jspecify.annotations.Nullable;

/**
 * A relay that is running: what hbbr does on 21117 and 21119, together with the relays of the other
 * nodes. {@link RelayStart} makes it. Methods are for any thread.
 */
public final class RelayServer {
  private final ActorSystem<?> system;
  private final RelayDirectory directory;
  private final RelayEngine engine;
  private final VitalPart part;
  private final ActorRef<LegCommand> nodeLegs;
  private final boolean isNamed;
  private final RelayPorts ports;
  private final AtomicBoolean isDrained = new AtomicBoolean();
  private @Nullable ActorRef<RelayDrain.Message> drain;
  private boolean isEnding;

  RelayServer(
      ActorSystem<?> system,
      RelayDirectory directory,
      RelayEngine engine,
      VitalPart part,
      ActorRef<LegCommand> nodeLegs,
      boolean isNamed,
      RelayPorts ports) {
    this.system = system;
    this.directory = directory;
    this.engine = engine;
    this.part = part;
    this.nodeLegs = nodeLegs;
    this.isNamed = isNamed;
    this.ports = ports;
  }

  /** What serves a WebSocket of the relay, on whatever port. */
  public WebSocketFlow.Service service() {
    return serviceOf(engine);
  }

  static WebSocketFlow.Service serviceOf(RelayEngine engine) {
    return client -> {
      WebSocketLeg leg = engine.newWebSocket(client.address());
      return new WebSocketFlow.Served(leg, leg::maxMessage, leg::onPiece, leg::isInSession);
    };
  }

  /** Where it listens, with the port it really has. */
  public InetSocketAddress address() {
    return ports.tcp();
  }

  /** Where it listens for WebSockets. */
  InetSocketAddress webSocketAddress() {
    return ports.webSockets();
  }

  /** Where other nodes connect. */
  BackhaulAddress backhaulAddress() {
    return ports.backhaul().map(Backhaul::address).orElse(BackhaulAddress.NONE);
  }

  /** The sessions that are running now, in no order. */
  public List<SessionReport> sessions() {
    return engine.sessions();
  }

  /** Ends the session of a uuid, as an operator has ordered; false when it has none here. */
  public boolean cut(String uuid) {
    return engine.end(uuid, EndReason.CUT);
  }

  /** Which of {@code blocklist} and {@code blacklist} a host is in. */
  public List<String> listsOf(PeerAddress host) {
    RelayRules rules = engine.context().rules();
    List<String> lists = new ArrayList<>();
    if (rules.blocklist().contains(host)) {
      lists.add("blocklist");
    }
    if (rules.blacklist().contains(host)) {
      lists.add("blacklist");
    }
    return lists;
  }

  /** The value of a rule that the relay follows, as it is in force here. */
  public Optional<String> rule(RuleName name) {
    RelayRules rules = engine.context().rules();
    return switch (name) {
      case BLOCKLIST -> Optional.of(RelayRuleBook.text(rules.blocklist()));
      case BLACKLIST -> Optional.of(RelayRuleBook.text(rules.blacklist()));
      case ALWAYS_USE_RELAY, RELAY_SERVERS -> Optional.empty();
      default -> Optional.of(name.of(rules.speeds().settings()));
    };
  }

  /** Buffers and pipes that sessions hold now. */
  CompletionStage<Integer> lentConduits() {
    return engine.lentConduits();
  }

  /** Directions of sessions that are not read because there is no conduit for them. */
  CompletionStage<Integer> waitingForConduits() {
    return engine.waitingForConduits();
  }

  /** Complete once it takes no more connections, which may be long before its sessions are over. */
  public CompletionStage<Done> whenClosed() {
    return ports.whenClosed();
  }

  /** Whether it takes connections of clients. */
  public boolean isOpen() {
    return ports.areOpen();
  }

  /** How many sessions are running now. */
  public int sessionCount() {
    return engine.sessionCount();
  }

  /** Whether it drains, no leg is left, and no client is waited for that was sent here before. */
  public boolean isDrained() {
    return isDrained.get();
  }

  /**
   * Begins to drain, without an end. The other nodes learn at once that the relay takes no new
   * sessions. For 20 s it takes legs as ever, because their peers may have been sent here before;
   * then its ports close ({@link RelayDrain}). Sessions end by themselves. Changes nothing when it
   * drains already.
   */
  public void beginDrain() {
    beginDrain(RelayDrain.GRACE);
  }

  /** The same, where legs without a partner are taken for another while than 20 s. */
  synchronized ActorRef<RelayDrain.Message> beginDrain(Duration grace) {
    ActorRef<RelayDrain.Message> running = drain;
    if (running == null) {
      directory.drain(true);
      running =
          system.systemActorOf(
              new RelayDrain(
                      engine,
                      nodeLegs,
                      isNamed,
                      grace,
                      ports::close,
                      this::isEachRelayDraining,
                      isDrained)
                  .behavior(),
              NodeLegsRegistry.unique("relay-drain"),
              Props.empty());
      drain = running;
    }
    return running;
  }

  /**
   * Takes new sessions again, at the ports of before, and the other nodes learn it. Once {@link
   * #drain} was called it changes nothing.
   *
   * @return fails with an IOException when a port is another program's by now; it drains on then
   */
  public synchronized CompletionStage<Done> cancelDrain() {
    ActorRef<RelayDrain.Message> running = drain;
    if (running == null || isEnding) {
      return CompletableFuture.completedStage(Done.getInstance());
    }
    drain = null;
    CompletableFuture<Done> over = new CompletableFuture<>();
    running.tell(new RelayDrain.Cancel(over));
    return over.thenCompose(done -> ports.reopen())
        .whenComplete((done, failure) -> onReopened(failure == null));
  }

  private synchronized void onReopened(boolean isOpen) {
    if (!isOpen) {
      beginDrain();
    } else if (!isEnding) {
      directory.drain(false);
    }
  }

  /**
   * Drains the relay for good, within a window; the time that it has drained before does not count.
   *
   * @param window how long sessions may end by themselves; those that are left are ended then
   * @param pace how many sessions a second are ended
   * @return complete when no session is left; the relay is then still to be stopped
   */
  public synchronized CompletionStage<Done> drain(Duration window, int pace) {
    isEnding = true;
    CompletableFuture<Done> drained = new CompletableFuture<>();
    beginDrain(RelayDrain.GRACE).tell(new RelayDrain.Window(window, pace, drained));
    return drained.whenComplete((done, failure) -> ports.close());
  }

  /** By what the nodes have announced; false on a node that knows of no other. */
  private boolean isEachRelayDraining() {
    List<RelayNode> relays = directory.relays();
    return relays.size() > 1 && relays.stream().allMatch(RelayNode::isDraining);
  }

  /** Takes no more connections and ends all sessions; complete once every socket is closed. */
  public CompletionStage<Done> stop() {
    ports.stop();
    part.mayStop();
    nodeLegs.tell(LegCommand.Signal.STOP);
    return engine.stopped().thenApply(stopped -> Done.getInstance());
  }
}
