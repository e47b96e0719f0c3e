package dev.rallypoint.registration;

import com.google.protobuf.ByteString;
import dev.rallypoint.cluster.ClusterMessage;
import dev.rallypoint.config.NodeRole;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.metrics.Hop;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.registration.LeaseBook.Lapse;
import dev.rallypoint.time.Ticker;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.ClusterEvent.MemberRemoved;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;

/**
 * What a node's lease book says to others, one desk per node: answers who is at home here, ends
 * leases that are older than what an entity knows, tells entities who fell silent, and announces
 * leases to entities that may have forgotten them. After a crash those are any, so all leases are
 * announced; an entity that moves in good order names itself.
 */
final class LeaseResponder {
  /** Its name on every node. */
  static final String NAME = "lease-desk";

  private static final Duration SWEEP = Duration.ofSeconds(1);

  /**
   * Announcements are this far apart, and so many at once: 2,000 a second and node. Word of peers
   * that fell silent goes no faster, so that no queue between nodes overflows.
   */
  private static final Duration PACE = Duration.ofMillis(100);

  private static final int AT_ONCE = 200;

  /** From a member's end until its shards have new places. */
  private static final Duration SHARDS_RETURN = Duration.ofSeconds(10);

  private final LeaseBook leases;
  private final Counters counters;
  private final Ticker clock;
  private final RegistrationEntities entities;
  private final TimerScheduler<Command> timers;
  private final LeaseAnnouncements announcements;

  private LeaseResponder(
      LeaseBook leases,
      Counters counters,
      Ticker clock,
      RegistrationEntities entities,
      TimerScheduler<Command> timers) {
    this.leases = leases;
    this.counters = counters;
    this.clock = clock;
    this.entities = entities;
    this.timers = timers;
    this.announcements = new LeaseAnnouncements(leases::ids);
  }

  /** What it may be told. */
  sealed interface Command {}

  /** Is this peer at home with you? */
  record WhoHolds(PeerId id, ActorRef<LeaseAnswer> replyTo) implements Command, ClusterMessage {}

  /** Which of these peers are? */
  record WhoIsOnline(List<String> ids, ActorRef<OnlineHere> replyTo)
      implements Command, ClusterMessage {}

  /**
   * Answer to {@link WhoIsOnline}.
   *
   * @param places those in the list that are, one bit each, the lowest bit of a byte first
   */
  record OnlineHere(ByteString places) implements ClusterMessage {}

  /** The peer has a home of this epoch: an older lease ends. */
  record Revoked(PeerId id, long epoch) implements Command, ClusterMessage {}

  /** The peer's entity is about to move, and its next life knows no home. */
  record Unsettled(PeerId id) implements Command, ClusterMessage {}

  private enum Internal implements Command {
    SWEEP,
    ANNOUNCE,
    MEMBER_LOST,
    ANNOUNCE_ALL
  }

  /** The desk of a node. */
  static Behavior<Command> create(
      LeaseBook leases, Counters counters, Ticker clock, RegistrationEntities entities) {
    return Behaviors.setup(context -> {
      ActorRef<MemberRemoved> removals =
          context.messageAdapter(
              MemberRemoved.class,
              removed ->
                  // A node that leaves in good order hands its shards over, and entities say so.
                  // One that only relayed had no entities.
                  removed.previousStatus().equals(MemberStatus.down())
                          && removed.member().hasRole(NodeRole.RENDEZVOUS.word())
                      ? Internal.MEMBER_LOST
                      : Internal.SWEEP);
      Cluster.get(context.getSystem())
          .subscriptions()
          .tell(Subscribe.create(removals, MemberRemoved.class));
      return Behaviors.withTimers(timers -> {
        timers.startTimerWithFixedDelay(Internal.SWEEP, SWEEP);
        LeaseResponder desk = new LeaseResponder(leases, counters, clock, entities, timers);
        return Behaviors.receiveMessage(command -> {
          desk.onCommand(command);
          return Behaviors.same();
        });
      });
    });
  }

  private void onCommand(Command command) {
    switch (command) {
      case WhoHolds(PeerId id, ActorRef<LeaseAnswer> replyTo) ->
          replyTo.tell(leases.held(id, clock.millis()).orElse(LeaseAnswer.NOT_HERE));
      case WhoIsOnline(List<String> ids, ActorRef<OnlineHere> replyTo) ->
          replyTo.tell(
              new OnlineHere(OnlineSearch.bytes(OnlineSearch.here(leases, ids, clock.millis()))));
      case Revoked(PeerId id, long epoch) -> leases.revoke(id, epoch);
      case Unsettled(PeerId id) -> {
        announcements.add(id);
        announceSoon();
      }
      case Internal.SWEEP -> sweep();
      case Internal.MEMBER_LOST ->
          timers.startSingleTimer(Internal.ANNOUNCE_ALL, Internal.ANNOUNCE_ALL, SHARDS_RETURN);
      case Internal.ANNOUNCE_ALL -> {
        announcements.addAll();
        announceSoon();
      }
      case Internal.ANNOUNCE -> announce();
    }
  }

  private void sweep() {
    List<Lapse> lapsed = leases.sweep(clock.millis(), AT_ONCE);
    if (lapsed.size() == AT_ONCE) {
      timers.startSingleTimer("sweep-on", Internal.SWEEP, PACE); // all peers fell silent at once
    }
    for (Lapse lapse : lapsed) {
      counters.count(Event.PEERS_LAPSED);
      PeerCommand word = new PeerCommand.Lapsed(lapse.home(), lapse.epoch());
      entities.tell(lapse.id(), Hop.LAPSED, word);
    }
  }

  private void announce() {
    for (PeerId id : announcements.next(AT_ONCE)) {
      Home home = leases.held(id, clock.millis()).map(LeaseAnswer::home).orElse(null);
      if (home != null) {
        entities.tell(id, Hop.ANNOUNCE, new PeerCommand.Announce(home, leases.epochOf(id)));
      }
    }
    announceSoon();
  }

  private void announceSoon() {
    if (!announcements.isDone() && !timers.isTimerActive(Internal.ANNOUNCE)) {
      timers.startSingleTimer(Internal.ANNOUNCE, Internal.ANNOUNCE, PACE);
    }
  }
}
