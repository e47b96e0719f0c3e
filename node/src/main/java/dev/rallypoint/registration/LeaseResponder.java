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
import org.jspecify.annotations.Nullable;

/**
 * The actor that gives other nodes access to a node's lease book, one per node. It answers other
 * nodes which peers are registered here, ends leases that an entity revokes, reports peers that
 * fell silent to their entities, and announces leases to entities that may not know them: all
 * leases after a node crashed, and single ones when an entity that moves in good order asks for it.
 */
record LeaseResponder(
    LeaseBook leases,
    Counters counters,
    Ticker clock,
    RegistrationEntities entities,
    LeaseAnnouncements announcements,
    TimerScheduler<LeaseResponder.Command> timers) {
  /** Its name on every node. */
  static final String NAME = "lease-responder";

  private static final Duration SWEEP = Duration.ofSeconds(1);

  // At most 2,000 messages to entities a second from each node, so that no queue between nodes
  // overflows when many peers fall silent at once.
  private static final Duration BATCH_GAP = Duration.ofMillis(100);
  private static final int BATCH = 200;

  /** The time from a member's end until its shards run on other nodes. */
  private static final Duration SHARDS_RETURN = Duration.ofSeconds(10);

  /** Messages to this actor. */
  sealed interface Command {}

  /** Asks for the lease of one peer. */
  record FindLease(PeerId id, ActorRef<LeaseHere> replyTo) implements Command, ClusterMessage {}

  /** The lease, or null when the peer is not registered here or was not heard lately. */
  record LeaseHere(@Nullable Lease lease) implements ClusterMessage {}

  /** Asks which of these peers are registered here. */
  record FindOnline(List<String> ids, ActorRef<OnlineHere> replyTo)
      implements Command, ClusterMessage {}

  /** The places in the list of those that are, one bit each, the lowest bit of a byte first. */
  record OnlineHere(ByteString places) implements ClusterMessage {}

  /** The peer has registered elsewhere with this epoch: an older lease ends. */
  record Revoked(PeerId id, long epoch) implements Command, ClusterMessage {}

  /** The peer's entity is about to move, and will not know the home where it starts again. */
  record AnnounceRequest(PeerId id) implements Command, ClusterMessage {}

  private enum Internal implements Command {
    SWEEP,
    ANNOUNCE,
    MEMBER_LOST,
    MEMBER_LEFT,
    ANNOUNCE_ALL
  }

  static Behavior<Command> create(
      LeaseBook leases, Counters counters, Ticker clock, RegistrationEntities entities) {
    return Behaviors.setup(context -> {
      ActorRef<MemberRemoved> removals =
          context.messageAdapter(MemberRemoved.class, LeaseResponder::onRemoved);
      Cluster.get(context.getSystem())
          .subscriptions()
          .tell(Subscribe.create(removals, MemberRemoved.class));
      return Behaviors.withTimers(timers -> {
        timers.startTimerWithFixedDelay(Internal.SWEEP, SWEEP);
        LeaseAnnouncements announcements = new LeaseAnnouncements(leases::ids);
        LeaseResponder responder =
            new LeaseResponder(leases, counters, clock, entities, announcements, timers);
        return Behaviors.receiveMessage(command -> {
          responder.onCommand(command);
          return Behaviors.same();
        });
      });
    });
  }

  /** A node that leaves in good order hands its entities over; one that only relays has none. */
  private static Internal onRemoved(MemberRemoved removed) {
    return removed.previousStatus().equals(MemberStatus.down())
            && removed.member().hasRole(NodeRole.RENDEZVOUS.word())
        ? Internal.MEMBER_LOST
        : Internal.MEMBER_LEFT;
  }

  private void onCommand(Command command) {
    switch (command) {
      case FindLease(PeerId id, ActorRef<LeaseHere> replyTo) ->
          replyTo.tell(new LeaseHere(leases.find(id, clock.millis()).orElse(null)));
      case FindOnline(List<String> ids, ActorRef<OnlineHere> replyTo) -> {
        byte[] places = leases.online(ids, clock.millis()).toByteArray();
        replyTo.tell(new OnlineHere(ByteString.copyFrom(places)));
      }
      case Revoked(PeerId id, long epoch) -> leases.revoke(id, epoch);
      case AnnounceRequest(PeerId id) -> {
        announcements.add(id);
        announceSoon();
      }
      case Internal.SWEEP -> sweep();
      case Internal.MEMBER_LOST ->
          timers.startSingleTimer(Internal.ANNOUNCE_ALL, Internal.ANNOUNCE_ALL, SHARDS_RETURN);
      case Internal.MEMBER_LEFT -> {}
      case Internal.ANNOUNCE_ALL -> {
        announcements.addAll();
        announceSoon();
      }
      case Internal.ANNOUNCE -> announce();
    }
  }

  private void sweep() {
    List<Lapse> lapsed = leases.removeSilent(clock.millis(), BATCH);
    if (lapsed.size() == BATCH) {
      timers.startSingleTimer("next batch", Internal.SWEEP, BATCH_GAP);
    }
    for (Lapse lapse : lapsed) {
      counters.count(Event.PEERS_LAPSED);
      Lease lease = lapse.lease();
      entities.tell(lapse.id(), Hop.LAPSED, new PeerCommand.Lapsed(lease.home(), lease.epoch()));
    }
  }

  private void announce() {
    for (PeerId id : announcements.next(BATCH)) {
      leases
          .find(id, clock.millis())
          .map(lease -> new PeerCommand.Announce(lease.home(), lease.epoch()))
          .ifPresent(message -> entities.tell(id, Hop.ANNOUNCE, message));
    }
    announceSoon();
  }

  private void announceSoon() {
    if (!announcements.isDone() && !timers.isTimerActive(Internal.ANNOUNCE)) {
      timers.startSingleTimer(Internal.ANNOUNCE, Internal.ANNOUNCE, BATCH_GAP);
    }
  }
}
