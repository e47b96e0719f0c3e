package dev.rallypoint.registration;

import dev.rallypoint.cluster.OtherNodes;
import dev.rallypoint.cluster.VitalPart;
import dev.rallypoint.config.NewIdLimits;
import dev.rallypoint.config.NodeRole;
import dev.rallypoint.config.RendezvousSettings;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.metrics.Hop;
import dev.rallypoint.policy.limit.LogRateLimit;
import dev.rallypoint.policy.limit.RegistrationThrottle.NewId;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.registration.PeerCommand.HeartbeatAnswer;
import dev.rallypoint.registration.PeerCommand.RegisterAnswer;
import dev.rallypoint.registration.PeerState.Contact;
import dev.rallypoint.registration.gate.RegistrationGate;
import dev.rallypoint.registration.notice.HiddenAddressWarning;
import dev.rallypoint.store.PeerStore;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.transport.Push;
import dev.rallypoint.transport.datagram.Heartbeat;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * Takes heartbeats, keeps leases and finds peers for the ID server; RegisterPk goes through {@link
 * Registrar}. A heartbeat that a lease covers is answered from the node's lease book. All else is a
 * question to the id's entity, on whatever node that runs. Safe for all threads.
 */
public final class PeerDirectory {
  private static final Duration LOG_GAP = Duration.ofSeconds(1);

  private final RegistrationEntities entities;
  private final OtherNodes otherNodes;
  private final LeaseBook leases;
  private final DirectLeases direct;
  private final PeerLocator locator;
  private final ClusterHomes homes;
  private final Counters counters;
  private final Ticker clock;
  private final LastUse lastUse;
  private final HiddenAddressWarning hiddenAddresses = new HiddenAddressWarning();
  private final QuestionLimits limits;
  private final RegistrationGate gate;

  /**
   * Starts the directory of a node, before it joins its cluster.
   *
   * @param gate says which devices may register
   */
  public PeerDirectory(
      ActorSystem<?> system,
      PeerStore store,
      RegistrationGate gate,
      RendezvousSettings settings,
      Counters counters,
      Ticker clock) {
    this.gate = gate;
    this.counters = counters;
    this.clock = clock;
    this.limits = new QuestionLimits(counters, clock);
    this.otherNodes = OtherNodes.start(system, NodeRole.RENDEZVOUS.word(), clock);
    this.leases = LeaseBook.of(settings);
    this.homes = new ClusterHomes(otherNodes, leases, counters, clock);
    this.entities =
        new RegistrationEntities(
            system, otherNodes::count, counters, RegistrationEntities.MAX_LATE);
    this.locator =
        new PeerLocator(
            system, id -> entities.ask(id, Hop.LOCATE, PeerCommand.Locate::new), homes, counters);
    LogRateLimit logLimit = new LogRateLimit(LOG_GAP.toNanos());
    NewIdLimits newIds = settings.registration().newIds();
    ProvisionalIds provisional = ProvisionalIds.of(newIds, counters);
    entities.init(
        new RegistrationContext(
            store,
            settings.registration(),
            homes,
            provisional,
            entities.live(),
            EntityPassivation.byShards(),
            logLimit,
            clock));
    this.direct = new DirectLeases(store, entities, leases, this::grant, counters, clock);
    NewIdUpkeep.start(system, store, leases, entities, counters, clock, newIds.forgetAfter());
    this.lastUse = LastUse.start(system, leases, store);
    VitalPart.spawn(
        system, LeaseResponder.create(leases, counters, clock, entities), LeaseResponder.NAME);
  }

  /** How many questions may be under way. */
  public QuestionLimits limits() {
    return limits;
  }

  /** The other nodes that serve peers. */
  public OtherNodes otherNodes() {
    return otherNodes;
  }

  /** Takes a heartbeat; true when a lease covers it and nothing else is to be done. */
  public boolean heartbeatFromLease(PeerId id, PeerAddress from, ActorRef<Push> writer) {
    LeaseBook.Coverage coverage = leases.heartbeat(id, from, writer, clock.millis());
    counters.count(Event.HEARTBEATS_FROM_LEASE, coverage.isCovered() ? 1 : 0);
    return isCovered(id, coverage);
  }

  /** The same of a heartbeat that is no object, in milliseconds of the clock; its caller counts. */
  public boolean heartbeatFromLease(Heartbeat heartbeat, ActorRef<Push> writer, long now) {
    LeaseBook.Coverage coverage = leases.heartbeat(heartbeat, writer, now);
    return coverage == LeaseBook.Coverage.FULL
        || coverage.isCovered() && isCovered(heartbeat.id(), coverage);
  }

  private boolean isCovered(PeerId id, LeaseBook.Coverage coverage) {
    Lease due = coverage.due();
    if (due != null) {
      renewLease(id, due.home(), due.epoch()); // the answer to the client does not wait
    }
    return coverage.isCovered();
  }

  /**
   * Judges a heartbeat that no lease covers; true when the peer must send its key by RegisterPk.
   * The stage fails when the database or the id's entity does not answer in time; a late answer
   * registers the peer all the same.
   */
  public CompletionStage<Boolean> heartbeatWithoutLease(
      PeerId id, PeerAddress from, ActorRef<Push> writer) {
    if (gate.refusal(id).isPresent()) {
      return CompletableFuture.completedStage(true); // its RegisterPk is answered with why
    }
    Home home = home(from, writer, false);
    if (entities.mayRun(id)) {
      return heartbeatFromEntity(id, home);
    }
    return direct
        .answer(id, home)
        .thenCompose(answer ->
            switch (answer) {
              case ASK_ENTITY -> heartbeatFromEntity(id, home);
              case REGISTERED -> CompletableFuture.completedStage(false);
              case KEY_REQUIRED -> CompletableFuture.completedStage(true);
            });
  }

  private CompletionStage<Boolean> heartbeatFromEntity(PeerId id, Home home) {
    counters.count(Event.HEARTBEATS_FROM_ENTITY);
    Contact contact = new Contact(home, leases.epochOf(id));
    long now = clock.millis();
    return entities.inTime(
        entities
            .<HeartbeatAnswer>askLong(
                id, Hop.HEARTBEAT, replyTo -> new PeerCommand.Heartbeat(contact, false, replyTo))
            .thenApply(answer -> {
              if (answer.isGranted()) {
                grant(id, new Lease(contact.home(), answer.epoch(), answer.key()), now);
              }
              return !answer.isGranted();
            }));
  }

  private void grant(PeerId id, Lease lease, long heardAt) {
    long now = clock.millis();
    leases.grant(id, lease, heardAt, now);
    lastUse.onRegistered(id);
    hiddenAddresses.onRegistered(id, lease.home().address(), now);
  }

  /** Asks the entity to renew a lease, which ends when the entity refuses. */
  private CompletionStage<Done> renewLease(PeerId id, Home home, long epoch) {
    if (gate.refusal(id).isPresent()) {
      end(id);
      return CompletableFuture.completedStage(Done.getInstance());
    }
    if (epoch != 0 && !entities.mayRun(id)) {
      leases.confirm(id, epoch, epoch, clock.millis());
      return CompletableFuture.completedStage(Done.getInstance());
    }
    Contact contact = new Contact(home, epoch);
    return entities
        .<HeartbeatAnswer>ask(
            id, Hop.RENEWAL, replyTo -> new PeerCommand.Heartbeat(contact, true, replyTo))
        .thenApply(answer -> {
          if (!answer.isGranted()) {
            leases.end(id, epoch);
          } else if (epoch == 0) {
            grant(id, new Lease(home, answer.epoch(), answer.key()), clock.millis());
          } else {
            leases.confirm(id, epoch, answer.epoch(), clock.millis());
          }
          return Done.getInstance();
        });
  }

  /**
   * Asks the entity to judge a RegisterPk. An accepted one registers the peer here, also when the
   * answer comes later than {@link #inTime}; the peer of a link until {@link #leave}.
   *
   * @param admitted what the limits of new ids have said of the id, or empty before they are asked
   */
  CompletionStage<RegisterAnswer> register(
      PeerId id,
      RegisterPk message,
      PeerAddress from,
      Optional<NewId> admitted,
      ActorRef<Push> writer,
      boolean isLink) {
    Home home = home(from, writer, isLink);
    long now = clock.millis();
    Contact contact = new Contact(home, leases.epochOf(id));
    return entities
        .register(gate, id, message, admitted, contact, clock)
        .thenApply(answer -> {
          if (answer.isAccepted()) {
            grant(id, new Lease(home, answer.epoch(), message.getPk()), now);
          }
          return answer;
        });
  }

  /** An entity's answer for the client; fails when it does not come in time, which is counted. */
  <T> CompletionStage<T> inTime(CompletionStage<T> answer) {
    return entities.inTime(answer);
  }

  /** A peer's connection closed, or has another id now; nothing if it is registered elsewhere. */
  public void leave(PeerId id, PeerAddress from, ActorRef<Push> writer) {
    counters.count(Event.LINKS_LEFT);
    leases.remove(id, writer);
    entities.tell(
        id, Hop.LAPSED, new PeerCommand.Lapsed(home(from, writer, true), PeerCommand.ANY_EPOCH));
  }

  /** Ends the registration of a peer at home here, which must register anew. */
  public void end(PeerId id) {
    leases
        .find(id, clock.millis())
        .ifPresent(lease -> {
          leases.end(id, PeerCommand.ANY_EPOCH);
          entities.tell(
              id, Hop.LAPSED, new PeerCommand.Lapsed(lease.home(), PeerCommand.ANY_EPOCH));
        });
  }

  /** Whether a peer is registered by this connection, and its lease need not be renewed yet. */
  public boolean isCurrent(PeerId id, ActorRef<Push> writer) {
    return leases.isCurrent(id, writer, clock.millis());
  }

  /** A peer's connection is alive: renews a lease that is old or has ended; then completes. */
  public CompletionStage<Done> renew(PeerId id, PeerAddress from, ActorRef<Push> writer) {
    OptionalLong epoch = leases.renewalDue(id, writer, clock.millis());
    return epoch.isEmpty()
        ? CompletableFuture.completedStage(Done.getInstance())
        : renewLease(id, home(from, writer, true), epoch.getAsLong());
  }

  /** Gives a device's row another id; see {@link DeviceRename}. */
  CompletionStage<Result> rename(PeerId oldId, PeerId newId, RegisterPk message, PeerAddress from) {
    return new DeviceRename(entities, leases, gate).rename(oldId, newId, message, from);
  }

  /** Where a peer is; {@code UNAVAILABLE} when nobody can tell in time. */
  public CompletionStage<Location> locate(PeerId id) {
    Optional<Location> here = direct.locate(id);
    return here.isPresent() ? CompletableFuture.completedStage(here.get()) : locator.locate(id);
  }

  /** Which of these ids are online, by their places in the list. */
  public CompletionStage<BitSet> online(List<String> ids) {
    return homes.online(ids);
  }

  /** What operators see of the peers, and do to them. */
  public PeerAdministration administration() {
    return new PeerAdministration(entities, leases, clock);
  }

  /** The peers registered on this node. */
  public int peersAtHome() {
    return leases.size();
  }

  private Home home(PeerAddress from, ActorRef<Push> writer, boolean isLink) {
    return new Home(from, writer, otherNodes.self(), isLink);
  }
}
