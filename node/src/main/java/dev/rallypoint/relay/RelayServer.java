package dev.rallypoint.relay;

import dev.rallypoint.cluster.Members;
import dev.rallypoint.cluster.RelayDirectory;
import dev.rallypoint.cluster.RelayNode;
import dev.rallypoint.cluster.VitalPart;
import dev.rallypoint.config.NodeRole;
import dev.rallypoint.config.RelaySettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.policy.AccessKey;
import dev.rallypoint.relay.backhaul.Backhaul;
import dev.rallypoint.relay.backhaul.BackhaulPort;
import dev.rallypoint.relay.legs.LegCommand;
import dev.rallypoint.relay.legs.NodeLegsRegistry;
import dev.rallypoint.relay.legs.RelayDrain;
import dev.rallypoint.relay.session.BackhaulAddress;
import dev.rallypoint.relay.session.RelaySession;
import dev.rallypoint.relay.session.SessionContext;
import dev.rallypoint.relay.session.Ticket;
import dev.rallypoint.relay.splice.SessionReport;
import dev.rallypoint.relay.splice.SpliceEngine;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.transport.Acceptor;
import dev.rallypoint.transport.ListenAddress;
import dev.rallypoint.transport.Listener;
import dev.rallypoint.transport.PortPolicies;
import dev.rallypoint.transport.WebSocketFlow;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;

/**
 * A node's relay: listeners, loops, the node's actor for its legs, and its part of the sharded
 * sessions. Does hbbr's work on 21117 and 21119, and meets the relays of other nodes over the
 * Backhaul.
 */
public final class RelayServer {
  private final ActorSystem<?> system;
  private final RelayDirectory directory;
  private final SpliceEngine engine;
  private final VitalPart part;
  private final ActorRef<LegCommand> home;
  private final Doors doors;

  /**
   * What a relay is started with.
   *
   * @param bind the one ip to listen on, or empty for all
   * @param data the folder of {@code blacklist.txt} and {@code blocklist.txt}
   * @param console whether loopback connections may give commands
   * @param entrances how connections come in
   * @param directory where the node says that it relays
   * @param backhaul where other nodes bring bytes; none in a cluster of one
   */
  public record Surroundings(
      RelaySettings settings,
      String bind,
      AccessKey accessKey,
      Path data,
      boolean console,
      PortPolicies entrances,
      Counters counters,
      RelayDirectory directory,
      Optional<BackhaulPort> backhaul) {}

  /** The ports that are open. */
  record Doors(
      Acceptor port,
      Listener webSockets,
      Optional<Backhaul> backhaul,
      CompletableFuture<Done> closed) {

    /** Takes no more connections of clients. */
    void close() {
      port.close();
      webSockets.unbind();
      closed.complete(Done.getInstance());
    }
  }

  RelayServer(
      ActorSystem<?> system,
      RelayDirectory directory,
      SpliceEngine engine,
      VitalPart part,
      ActorRef<LegCommand> home,
      Doors doors) {
    this.system = system;
    this.directory = directory;
    this.engine = engine;
    this.part = part;
    this.home = home;
    this.doors = doors;
  }

  /**
   * Takes part in the sharding of sessions; once, before the node joins, for a cluster moves no
   * shard while a member does not take part. A node that does not relay has none of the sessions.
   */
  public static void shard(ActorSystem<?> system, RelaySettings settings) {
    ClusterSharding sharding = ClusterSharding.get(system);
    SecureRandom random = new SecureRandom();
    NodeLegsRegistry homes = NodeLegsRegistry.start(system, Ticker.SYSTEM);
    sharding.init(
        Entity.of(
                RelaySession.KEY,
                entity ->
                    RelaySession.create(
                        entity.getEntityId(),
                        new SessionContext(
                            settings.pairWait(),
                            () -> Ticket.draw(random),
                            entity.getShard(),
                            message ->
                                sharding
                                    .entityRefFor(RelaySession.KEY, entity.getEntityId())
                                    .tell(message),
                            homes::witnesses,
                            () ->
                                Members.othersUp(system, NodeRole.RELAY.word())
                                    .findAny()
                                    .isPresent())))
            .withRole(NodeRole.RELAY.word())
            .withStopMessage(RelaySession.Stop.NOW));
  }

  /**
   * Starts the relay; the node must be a member of a cluster, if only its own. Complete once the
   * port answers; fails with a {@link SettingException} when it cannot be bound or a list is
   * unreadable.
   */
  public static CompletionStage<RelayServer> start(ActorSystem<?> system, Surroundings around) {
    InetSocketAddress address = ListenAddress.of(around.bind(), around.settings().port());
    return new RelayStart(system, around, address, Ticker.SYSTEM).run();
  }

  /** What serves a WebSocket of the relay, on whatever port. */
  public WebSocketFlow.Service service() {
    return WebSocketPort.serviceOf(engine);
  }

  /** Where it listens, with the port it really has. */
  public InetSocketAddress address() {
    return doors.port().address();
  }

  /** Where it listens for WebSockets. */
  InetSocketAddress webSocketAddress() {
    return doors.webSockets().address();
  }

  /** Where other nodes bring bytes. */
  BackhaulAddress backhaulAddress() {
    return doors.backhaul().map(Backhaul::address).orElse(BackhaulAddress.NONE);
  }

  /** The sessions that are running now, in no order. */
  public List<SessionReport> sessions() {
    return engine.sessions();
  }

  /** Buffers and pipes that sessions hold now. */
  CompletionStage<Integer> lentConduits() {
    return engine.lentConduits();
  }

  /** Complete once it takes no more connections, which may be long before its sessions are over. */
  public CompletionStage<Done> whenClosed() {
    return doors.closed().minimalCompletionStage();
  }

  /**
   * Lets the node's work run out. The other nodes hear at once that it takes no new sessions, and
   * it takes none but those whose first leg is here and, for a short while, those whose peers were
   * sent here before; after that its ports close as soon as no leg waits for its partner. Sessions
   * may end by themselves for {@code window}; then the rest is ended, {@code pace} a second.
   *
   * @return complete when no session is left; the relay is then still to be stopped
   */
  public CompletionStage<Done> drain(Duration window, int pace) {
    directory.drain();
    CompletableFuture<Done> drained = new CompletableFuture<>();
    system.systemActorOf(
        RelayDrain.create(
            engine, home, window, pace, doors::close, this::isEachRelayDraining, drained),
        NodeLegsRegistry.unique("relay-drain"),
        Props.empty());
    return drained.whenComplete((done, failure) -> doors.close());
  }

  /** By what the nodes have said; one that has heard of no other does not know. */
  private boolean isEachRelayDraining() {
    List<RelayNode> relays = directory.relays();
    return relays.size() > 1 && relays.stream().allMatch(RelayNode::isDraining);
  }

  /** Takes no more connections and ends all sessions; complete once every socket is closed. */
  public CompletionStage<Done> stop() {
    doors.close();
    doors.backhaul().ifPresent(Backhaul::close);
    part.mayStop();
    home.tell(LegCommand.Stop.NOW);
    return engine.stopped().thenApply(stopped -> Done.getInstance());
  }
}
