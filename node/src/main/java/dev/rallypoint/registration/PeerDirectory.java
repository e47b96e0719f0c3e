package dev.rallypoint.registration;

import com.google.protobuf.ByteString;
import dev.rallypoint.cluster.OtherNodes;
import dev.rallypoint.cluster.VitalPart;
import dev.rallypoint.config.NodeRole;
import dev.rallypoint.config.RendezvousSettings;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.metrics.Hop;
import dev.rallypoint.policy.LogRateLimit;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.registration.PeerCommand.Lapsed;
import dev.rallypoint.registration.PeerCommand.Refresh;
import dev.rallypoint.registration.PeerCommand.Register;
import dev.rallypoint.store.PeerStore;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.time.WallClock;
import dev.rallypoint.transport.Push;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.japi.function.Function;

/**
 * The only door to where peers are. Heartbeats that a lease covers are answered on the spot; all
 * else asks the id's entity, on whatever node it is, and while that is away, the lease books of all
 * nodes. Safe for all threads.
 */
public final class PeerDirectory {
  /** How long a client is let wait for an answer; it asks again after as long. */
  static final long PATIENCE = 3_000;

  private static final Duration LOG_GAP = Duration.ofSeconds(1);
  private static final Duration RENEW = Duration.ofMinutes(5);

  private final RegistrationEntities entities;
  private final OtherNodes neighbours;
  private final LeaseBook leases;
  private final PeerLocator finder;
  private final OnlineSearch search;
  private final Counters counters;
  private final Ticker clock;
  private final WallClock wallClock;

  private PeerDirectory(
      RegistrationEntities entities,
      OtherNodes neighbours,
      LeaseBook leases,
      LeaseQuery survey,
      Counters counters,
      Ticker clock,
      WallClock wallClock) {
    this.entities = entities;
    this.neighbours = neighbours;
    this.leases = leases;
    this.finder = new PeerLocator(entities, survey, counters);
    this.search = new OnlineSearch(neighbours, leases, counters, clock);
    this.counters = counters;
    this.clock = clock;
    this.wallClock = wallClock;
  }

  /**
   * Opens the door on a node, before it joins its cluster.
   *
   * @param clock the clock for durations
   * @param wallClock the time of day
   */
  public static PeerDirectory start(
      ActorSystem<?> system,
      PeerStore store,
      RendezvousSettings settings,
      Counters counters,
      Ticker clock,
      WallClock wallClock) {
    OtherNodes neighbours = OtherNodes.start(system, NodeRole.RENDEZVOUS.word(), clock);
    LeaseBook leases =
        new LeaseBook(neighbours.self(), settings.offlineAfter().toMillis(), RENEW.toMillis());
    LeaseQuery survey = new LeaseQuery(neighbours, leases, counters, clock);
    PeerDirectory directory =
        new PeerDirectory(
            new RegistrationEntities(ClusterSharding.get(system), counters, new AnswerTimeouts()),
            neighbours,
            leases,
            survey,
            counters,
            clock,
            wallClock);
    RegistrationContext around =
        new RegistrationContext(
            store,
            settings.registration(),
            new ClusterHomes(neighbours, survey, counters),
            new LogRateLimit(LOG_GAP.toNanos()),
            clock,
            wallClock);
    directory.entities.host(around);
    VitalPart.spawn(
        system,
        LeaseResponder.create(leases, counters, clock, directory.entities),
        LeaseResponder.NAME);
    return directory;
  }

  /** The other nodes that serve peers. */
  public OtherNodes neighbours() {
    return neighbours;
  }

  /** Takes a heartbeat; true when a lease covers it and nothing else is to be done. */
  public boolean beat(PeerId id, PeerAddress from) {
    LeaseBook.Beat beat = leases.beat(id, from, clock.millis());
    if (beat == LeaseBook.Beat.UNCOVERED) {
      return false;
    }
    counters.count(Event.HEARTBEATS_FROM_LEASE);
    if (beat == LeaseBook.Beat.DUE) {
      leases
          .held(id, clock.millis())
          .map(LeaseAnswer::home)
          .ifPresent(home -> renewLease(id, home));
    }
    return true;
  }

  /** Beside the heartbeats: while the entity is away, those are answered all the same. */
  private void renewLease(PeerId id, Home home) {
    long epoch = leases.epochOf(id);
    renewal(id, home, epoch)
        .thenAccept(answer -> {
          if (answer.isAtHome()) {
            confirm(id, home, answer, clock.millis());
          }
        });
  }

  /**
   * Asks the entity about a heartbeat that no lease covers; fails when it does not answer in time.
   *
   * @param home what writes to the peer
   */
  public CompletionStage<Refreshed> refresh(PeerId id, PeerAddress from, ActorRef<Push> home) {
    counters.count(Event.HEARTBEATS_FROM_ENTITY);
    Home here = new Home(from, home, neighbours.self());
    long heardAt = clock.millis();
    long after = leases.epochOf(id);
    long spokeAt = wallClock.micros();
    Function<ActorRef<Refreshed>, PeerCommand> question =
        replyTo -> new Refresh(here, after, spokeAt, false, replyTo);
    return entities.inTime(
        entities
            .askLong(id, Hop.REFRESH, question)
            .thenApply(refreshed -> {
              if (refreshed.isAtHome()) {
                confirm(id, here, refreshed, heardAt);
              }
              return refreshed;
            }));
  }

  private void confirm(PeerId id, Home home, Refreshed answer, long heardAt) {
    leases.confirm(id, home.address(), home.writer(), answer.epoch(), answer.key(), heardAt);
  }

  /** Asks the entity to renew a lease, which ends when it does not. */
  private CompletionStage<Refreshed> renewal(PeerId id, Home home, long epoch) {
    long spokeAt = wallClock.micros();
    Function<ActorRef<Refreshed>, PeerCommand> question =
        replyTo -> new Refresh(home, epoch, spokeAt, true, replyTo);
    return entities
        .ask(id, Hop.RENEWAL, question)
        .thenApply(answer -> {
          if (!answer.isAtHome()) {
            leases.end(id, epoch);
          }
          return answer;
        });
  }

  /**
   * Asks the entity to judge a RegisterPk. A peer that proved itself is at home here from now on,
   * also when the answer is later than the client waits: see {@link #inTime}.
   *
   * @param homeIsLink whether the peer is online until {@link #leave}, rather than by heartbeats
   */
  CompletionStage<Registered> register(
      PeerId id,
      RegisterPk claim,
      PeerAddress from,
      boolean mayCreate,
      ActorRef<Push> home,
      boolean homeIsLink) {
    Home here = new Home(from, home, neighbours.self());
    long now = clock.millis();
    long after = leases.epochOf(id);
    long spokeAt = wallClock.micros();
    ByteString key = claim.getPk();
    Function<ActorRef<Registered>, PeerCommand> question =
        replyTo -> new Register(claim.getUuid(), key, mayCreate, here, after, spokeAt, replyTo);
    return entities
        .askLong(id, Hop.REGISTER, question)
        .thenApply(answer -> {
          if (answer.isAccepted() && homeIsLink) {
            leases.hold(id, from, home, answer.epoch(), key, now);
          } else if (answer.isAccepted()) {
            leases.confirm(id, from, home, answer.epoch(), key, now);
          }
          return answer;
        });
  }

  /** An entity's answer for the client; fails when it does not come in time, which is counted. */
  <T> CompletionStage<T> inTime(CompletionStage<T> answer) {
    return entities.inTime(answer);
  }

  /** The peer's link is gone, or is another id's now; does nothing where it has another home. */
  public void leave(PeerId id, PeerAddress from, ActorRef<Push> home) {
    counters.count(Event.LINKS_LEFT);
    leases.leave(id, home);
    Home left = new Home(from, home, neighbours.self());
    entities.tell(id, Hop.LAPSED, new Lapsed(left, PeerCommand.WHATEVER));
  }

  /** Whether a link is the home of the peer, as far as this node knows. */
  public boolean isHeldBy(PeerId id, ActorRef<Push> home) {
    return leases.renew(id, home, clock.millis()) == LeaseBook.Renewal.COVERED;
  }

  /**
   * A link is alive and its peer with it. The entity is asked when the lease is old, or went to
   * another home that then fell silent.
   *
   * @return complete once the link is the home again, or was not to become it
   */
  public CompletionStage<Done> renew(PeerId id, PeerAddress from, ActorRef<Push> home) {
    CompletionStage<Done> done = CompletableFuture.completedStage(Done.getInstance());
    return switch (leases.renew(id, home, clock.millis())) {
      case COVERED, ELSEWHERE -> done;
      case ASK ->
          renewal(id, new Home(from, home, neighbours.self()), leases.epochOf(id))
              .thenApply(answer -> {
                if (answer.isAtHome()) {
                  leases.hold(id, from, home, answer.epoch(), answer.key(), clock.millis());
                }
                return Done.getInstance();
              });
    };
  }

  /**
   * Gives a device's row another id; fails when an entity does not answer in time.
   *
   * @return OK, ID_EXISTS, UUID_MISMATCH where the old id is not the device's, or SERVER_ERROR
   */
  CompletionStage<Result> rename(PeerId from, PeerId to, ByteString uuid) {
    Function<ActorRef<IdChange.Changed>, PeerCommand> adopt =
        replyTo -> new IdChange.Adopt(from, uuid, replyTo);
    return entities
        .ask(to, Hop.REGISTER, adopt)
        .thenCompose(changed -> {
          if (changed.result() != Result.OK || from.equals(to)) {
            return CompletableFuture.completedStage(changed);
          }
          leases.end(from, PeerCommand.WHATEVER); // an entity that forgot could not revoke it
          return entities.<IdChange.Changed>ask(from, Hop.REGISTER, IdChange.Release::new);
        })
        .thenApply(IdChange.Changed::result);
  }

  /** Where a peer is; unavailable when nobody can tell in time. */
  public CompletionStage<Location> locate(PeerId id) {
    return finder.find(id);
  }

  /** Which of these ids are online: the places in the list that are. */
  public CompletionStage<BitSet> online(List<String> ids) {
    return search.online(ids);
  }

  /** How many peers are at home on this node. */
  public int peersAtHome() {
    return leases.size();
  }
}
