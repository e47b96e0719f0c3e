package dev.rallypoint.relay.legs;

import dev.rallypoint.relay.session.EndReason;
import dev.rallypoint.relay.session.LegRef;
import dev.rallypoint.relay.session.RelaySession;
import dev.rallypoint.relay.session.SessionCommand;
import dev.rallypoint.relay.session.SessionReply;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * The legs whose sockets are on this node, by number and by uuid, and the uuids of sessions that
 * ended here less than a minute ago. So a node refuses a uuid that it knows to be taken, whatever
 * becomes of the session's entity. For one thread.
 */
final class LegTable {
  private final Map<String, Long> tombstones = new LinkedHashMap<>();
  private final Map<Long, LocalLeg> byNumber = new HashMap<>();
  private final Map<String, List<LocalLeg>> byUuid = new HashMap<>();

  void add(LocalLeg leg) {
    byNumber.put(leg.number(), leg);
    byUuid.computeIfAbsent(leg.uuid(), uuid -> new ArrayList<>(2)).add(leg);
  }

  @Nullable LocalLeg remove(long number) {
    LocalLeg leg = byNumber.remove(number);
    if (leg != null) {
      byUuid.computeIfPresent(
          leg.uuid(), (uuid, all) -> all.remove(leg) && all.isEmpty() ? null : all);
    }
    return leg;
  }

  @Nullable LocalLeg get(long number) {
    return byNumber.get(number);
  }

  private Stream<LocalLeg> of(String uuid) {
    return byUuid.getOrDefault(uuid, List.of()).stream();
  }

  /** Whether two legs are partners under this uuid, of which one at least is here. */
  boolean isTaken(String uuid) {
    return of(uuid).anyMatch(LocalLeg::hasPartner);
  }

  /**
   * What is known here of a uuid's session, if anything is.
   *
   * @param nodeLegs this node's actor
   */
  Optional<SessionCommand> knownOf(String uuid, ActorRef<SessionReply> nodeLegs) {
    Optional<SessionCommand> running =
        of(uuid).filter(LocalLeg::hasPartner).findFirst().map(leg -> leg.message().command());
    return running.isEmpty() && hasTombstone(uuid)
        ? Optional.of(new SessionCommand.Ended(new LegRef(nodeLegs, 0), EndReason.FINISHED, 0))
        : running;
  }

  /** Whether a leg of this uuid is here that may still get a partner. */
  boolean isAwaited(String uuid) {
    return of(uuid).anyMatch(leg -> !leg.hasPartner());
  }

  /** Whether any leg here may still get a partner. */
  boolean areAnyAwaiting() {
    return byNumber.values().stream().anyMatch(leg -> !leg.hasPartner());
  }

  /** All of them, as they are now. */
  List<LocalLeg> all() {
    return List.copyOf(byNumber.values());
  }

  int size() {
    return byNumber.size();
  }

  /** A session is over; nobody joins it for as long as its entity has its tombstone. */
  void addTombstone(String uuid, long now) {
    tombstones.remove(uuid);
    tombstones.put(uuid, now + RelaySession.TOMBSTONE.toNanos());
  }

  /** Whether a session of this uuid ended here less than a minute ago. */
  boolean hasTombstone(String uuid) {
    return tombstones.containsKey(uuid);
  }

  /** Removes the tombstones that are old enough. */
  void clearTombstones(long now) {
    Iterator<Long> oldest = tombstones.values().iterator();
    while (oldest.hasNext() && oldest.next() - now <= 0) {
      oldest.remove();
    }
  }
}
