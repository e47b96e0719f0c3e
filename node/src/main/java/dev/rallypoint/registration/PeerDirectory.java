package dev.rallypoint.registration;

import com.google.protobuf.ByteString;
import dev.rallypoint.config.RendezvousSettings;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.LogPace;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.registration.LeaseBook.Lapse;
import dev.rallypoint.registration.Location.Presence;
import dev.rallypoint.registration.PeerRegistration.Lapsed;
import dev.rallypoint.registration.PeerRegistration.Locate;
import dev.rallypoint.registration.PeerRegistration.Refresh;
import dev.rallypoint.registration.PeerRegistration.Register;
import dev.rallypoint.registration.PeerRegistration.Stop;
import dev.rallypoint.store.PeerStore;
import dev.rallypoint.transport.Push;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.japi.function.Function;

/**
 * The only door to where peers are. Heartbeats that a lease covers are answered on the spot; all
 * else asks the id's entity, on whatever node it is. Safe for all threads.
 */
public final class PeerDirectory {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Duration SWEEP = Duration.ofSeconds(1);
  private static final Duration LOG_GAP = Duration.ofSeconds(1);
  private static final Duration RENEW = Duration.ofMinutes(5);

  private final ClusterSharding sharding;
  private final LeaseBook leases;
  private final Counters counters;
  private final LongSupplier clock;

  private PeerDirectory(
      ClusterSharding sharding, LeaseBook leases, Counters counters, LongSupplier clock) {
    this.sharding = sharding;
    this.leases = leases;
    this.counters = counters;
    this.clock = clock;
  }

  /**
   * Opens the door on a node whose cluster is up.
   *
   * @param clock milliseconds of a monotonic clock
   */
  public static PeerDirectory start(
      ActorSystem<?> system,
      PeerStore store,
      RendezvousSettings settings,
      Counters counters,
      LongSupplier clock) {
    ClusterSharding sharding = ClusterSharding.get(system);
    RegistrationSurroundings around =
        new RegistrationSurroundings(
            store, settings.registration(), new LogPace(LOG_GAP.toNanos()), clock);
    sharding.init(
        Entity.of(
                PeerRegistration.KEY,
                entity ->
                    PeerRegistration.create(
                        new PeerId(entity.getEntityId()), entity.getShard(), around))
            .withStopMessage(Stop.INSTANCE));
    LeaseBook leases = new LeaseBook(settings.offlineAfter().toMillis(), RENEW.toMillis());
    PeerDirectory directory = new PeerDirectory(sharding, leases, counters, clock);
    system.systemActorOf(directory.sweeper(), "lease-sweeper", Props.empty());
    return directory;
  }

  /** Takes a heartbeat; true when a lease covers it and nothing else is to be done. */
  public boolean beat(PeerId id, PeerAddress from) {
    boolean covered = leases.beat(id, from, clock.getAsLong());
    if (covered) {
      counters.count(Event.HEARTBEATS_FROM_LEASE);
    }
    return covered;
  }

  /**
   * Asks the entity about a heartbeat that no lease covers; fails when it does not answer in time.
   *
   * @param home what writes to the peer
   */
  public CompletionStage<Refreshed> refresh(PeerId id, PeerAddress from, ActorRef<Push> home) {
    return refreshed(id, from, home)
        .thenApply(answer -> {
          if (!answer.keyRequired()) {
            confirm(id, from, home);
          }
          return answer;
        });
  }

  private CompletionStage<Refreshed> refreshed(PeerId id, PeerAddress from, ActorRef<Push> home) {
    counters.count(Event.HEARTBEATS_FROM_ENTITY);
    Function<ActorRef<Refreshed>, PeerRegistration.Command> question =
        replyTo -> new Refresh(from, home, replyTo);
    return counted(entity(id).<Refreshed>ask(question, PATIENCE));
  }

  /** Asks the entity to judge a RegisterPk; fails when it does not answer in time. */
  CompletionStage<Registered> register(
      PeerId id, RegisterPk claim, PeerAddress from, boolean mayCreate, ActorRef<Push> home) {
    Function<ActorRef<Registered>, PeerRegistration.Command> question =
        replyTo -> new Register(claim.getUuid(), claim.getPk(), from, mayCreate, home, replyTo);
    return counted(entity(id).<Registered>ask(question, PATIENCE));
  }

  /** The peer proved itself: its heartbeats from here are answered on the spot from now on. */
  void confirm(PeerId id, PeerAddress from, ActorRef<Push> home) {
    leases.confirm(id, from, home, clock.getAsLong());
  }

  /** The same for a peer whose home is a link: online until {@link #leave}. */
  void hold(PeerId id, PeerAddress from, ActorRef<Push> home) {
    leases.hold(id, from, home, clock.getAsLong());
  }

  /** The peer's link is gone, or is another id's now; does nothing where it has another home. */
  public void leave(PeerId id, PeerAddress from, ActorRef<Push> home) {
    counters.count(Event.LINKS_LEFT);
    leases.leave(id, home);
    entity(id).tell(new Lapsed(from, home));
  }

  /** Whether a link is the home of the peer, as far as this node knows. */
  public boolean isHeldBy(PeerId id, ActorRef<Push> home) {
    return leases.renew(id, home, clock.getAsLong()) == LeaseBook.Renewal.COVERED;
  }

  /**
   * A link is alive and its peer with it. The entity is asked when the lease is old, or went to
   * another home that then fell silent.
   *
   * @return complete once the link is the home again, or was not to become it
   */
  public CompletionStage<Done> renew(PeerId id, PeerAddress from, ActorRef<Push> home) {
    CompletionStage<Done> done = CompletableFuture.completedStage(Done.getInstance());
    return switch (leases.renew(id, home, clock.getAsLong())) {
      case COVERED, ELSEWHERE -> done;
      case ASK ->
          refreshed(id, from, home)
              .thenAccept(answer -> {
                if (!answer.keyRequired()) {
                  hold(id, from, home);
                }
              })
              .thenApply(nothing -> Done.getInstance());
    };
  }

  /**
   * Gives a device's row another id; fails when an entity does not answer in time.
   *
   * @return OK, ID_EXISTS, UUID_MISMATCH where the old id is not the device's, or SERVER_ERROR
   */
  CompletionStage<Result> rename(PeerId from, PeerId to, ByteString uuid) {
    Function<ActorRef<IdChange.Changed>, PeerRegistration.Command> adopt =
        replyTo -> new IdChange.Adopt(from, uuid, replyTo);
    return counted(entity(to).<IdChange.Changed>ask(adopt, PATIENCE))
        .thenCompose(changed -> {
          if (changed.result() != Result.OK || from.equals(to)) {
            return CompletableFuture.completedStage(changed);
          }
          leases.revoke(from);
          return counted(entity(from).<IdChange.Changed>ask(IdChange.Release::new, PATIENCE));
        })
        .thenApply(IdChange.Changed::result);
  }

  /** Where a peer is; unavailable when its entity does not answer in time. */
  public CompletionStage<Location> locate(PeerId id) {
    return counted(entity(id).<Location>ask(Locate::new, PATIENCE))
        .exceptionally(late -> Location.absent(Presence.UNAVAILABLE));
  }

  /**
   * Which of these ids are online: the lease book knows, so an id that nobody has costs no entity
   * and no look into the database.
   *
   * @return the places in the list that are
   */
  public BitSet online(List<String> ids) {
    long now = clock.getAsLong();
    BitSet online = new BitSet(ids.size());
    for (int place = 0; place < ids.size(); place++) {
      if (PeerId.parse(ids.get(place)).filter(id -> leases.isOnline(id, now)).isPresent()) {
        online.set(place);
      }
    }
    return online;
  }

  /** How many peers are at home on this node. */
  public int peersAtHome() {
    return leases.size();
  }

  private Behavior<Tick> sweeper() {
    return Behaviors.withTimers(timers -> {
      timers.startTimerWithFixedDelay(Tick.INSTANCE, SWEEP);
      return Behaviors.receiveMessage(tick -> {
        sweep();
        return Behaviors.same();
      });
    });
  }

  private enum Tick {
    INSTANCE
  }

  private void sweep() {
    for (Lapse lapse : leases.sweep(clock.getAsLong())) {
      counters.count(Event.PEERS_LAPSED);
      entity(lapse.id()).tell(new Lapsed(lapse.address(), lapse.home()));
    }
  }

  private EntityRef<PeerRegistration.Command> entity(PeerId id) {
    return sharding.entityRefFor(PeerRegistration.KEY, id.value());
  }

  private <T> CompletionStage<T> counted(CompletionStage<T> answer) {
    return answer.whenComplete((value, failure) -> {
      if (failure != null) {
        counters.dropped(DropReason.DIRECTORY_TIMEOUT);
      }
    });
  }
}
