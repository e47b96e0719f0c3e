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
import dev.rallypoint.transport.Acceptor;
import dev.rallypoint.transport.Listener;
import dev.rallypoint.transport.WebSocketFlow;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;

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
  private final Ports ports;

  /** The ports that are open. */
  record Ports(
      Acceptor tcp,
      Listener webSockets,
      Optional<Backhaul> backhaul,
      CompletableFuture<Done> closed) {

    /** Takes no more connections of clients. */
    void close() {
      tcp.close();
      webSockets.unbind();
      closed.complete(Done.getInstance());
    }
  }

  RelayServer(
      ActorSystem<?> system,
      RelayDirectory directory,
      RelayEngine engine,
      VitalPart part,
      ActorRef<LegCommand> nodeLegs,
      Ports ports) {
    this.system = system;
    this.directory = directory;
    this.engine = engine;
    this.part = part;
    this.nodeLegs = nodeLegs;
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
    return ports.tcp().address();
  }

  /** Where it listens for WebSockets. */
  InetSocketAddress webSocketAddress() {
    return ports.webSockets().address();
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
    return ports.closed().minimalCompletionStage();
  }

  /**
   * Drains the relay. The other nodes learn at once that it takes no new sessions. It takes only
   * legs whose partner is here and, for a short while, legs whose peers were sent here before;
   * after that its ports close as soon as no leg waits for its partner. Sessions may end by
   * themselves.
   *
   * @param window how long they may; those that are left are ended then
   * @param pace how many sessions a second are ended
   * @return complete when no session is left; the relay is then still to be stopped
   */
  public CompletionStage<Done> drain(Duration window, int pace) {
    directory.drain();
    CompletableFuture<Done> drained = new CompletableFuture<>();
    system.systemActorOf(
        new RelayDrain(
                engine, nodeLegs, window, pace, ports::close, this::isEachRelayDraining, drained)
            .behavior(),
        NodeLegsRegistry.unique("relay-drain"),
        Props.empty());
    return drained.whenComplete((done, failure) -> ports.close());
  }

  /** By what the nodes have announced; false on a node that knows of no other. */
  private boolean isEachRelayDraining() {
    List<RelayNode> relays = directory.relays();
    return relays.size() > 1 && relays.stream().allMatch(RelayNode::isDraining);
  }

  /** Takes no more connections and ends all sessions; complete once every socket is closed. */
  public CompletionStage<Done> stop() {
    ports.close();
    ports.backhaul().ifPresent(Backhaul::close);
    part.mayStop();
    nodeLegs.tell(LegCommand.Signal.STOP);
    return engine.stopped().thenApply(stopped -> Done.getInstance());
  }
}
