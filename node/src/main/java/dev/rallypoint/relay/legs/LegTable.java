package dev.rallypoint.relay.legs;

import dev.rallypoint.relay.session.EndReason;
import dev.rallypoint.relay.session.LegRef;
import dev.rallypoint.relay.session.RelaySession;
import dev.rallypoint.relay.session.SessionReply;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * The legs at home on this node, by number and by uuid, and the uuids of sessions that ended here a
 * moment ago: whatever becomes of a session's entity, a home lets nobody into what it knows to be
 * taken. For one thread.
 */
final class LegTable {
  private final Map<String, Long> tombs = new LinkedHashMap<>();
  private final Map<Long, LocalLeg> byNumber = new HashMap<>();
  private final Map<String, List<LocalLeg>> byUuid = new HashMap<>();

  void add(LocalLeg guest) {
    byNumber.put(guest.leg().number(), guest);
    byUuid.computeIfAbsent(guest.uuid(), uuid -> new ArrayList<>(2)).add(guest);
  }

  @Nullable LocalLeg remove(long number) {
    LocalLeg guest = byNumber.remove(number);
    if (guest != null) {
      byUuid.computeIfPresent(
          guest.uuid(), (uuid, all) -> all.remove(guest) && all.isEmpty() ? null : all);
    }
    return guest;
  }

  @Nullable LocalLeg get(long number) {
    return byNumber.get(number);
  }

  /** Whether two legs have this uuid already, of which one at least is here. */
  boolean isTaken(String uuid) {
    return byUuid.getOrDefault(uuid, List.of()).stream().anyMatch(LocalLeg::isIntroduced);
  }

  /** What is known here of a uuid's session, if it is more than nothing. */
  Optional<RelaySession.Command> memoryOf(String uuid, ActorRef<SessionReply> home) {
    Optional<RelaySession.Command> running =
        byUuid.getOrDefault(uuid, List.of()).stream()
            .filter(LocalLeg::isIntroduced)
            .findFirst()
            .map(guest -> guest.word().command());
    return running.isEmpty() && isEntombed(uuid)
        ? Optional.of(new RelaySession.Ended(new LegRef(home, 0), EndReason.FINISHED, 0))
        : running;
  }

  /** Whether a leg is here that may still find its partner. */
  boolean isAwaited(String uuid) {
    return byUuid.getOrDefault(uuid, List.of()).stream().anyMatch(guest -> !guest.isIntroduced());
  }

  /** Whether any leg here may still find its partner. */
  boolean areAnyAwaiting() {
    return byNumber.values().stream().anyMatch(guest -> !guest.isIntroduced());
  }

  /** All of them, as they are now. */
  List<LocalLeg> all() {
    return List.copyOf(byNumber.values());
  }

  /** A session is over; nobody joins it for as long as its entity's tombstone stands. */
  void entomb(String uuid, long now) {
    tombs.remove(uuid);
    tombs.put(uuid, now + RelaySession.TOMBSTONE.toNanos());
  }

  /** Whether a session of this uuid ended here a moment ago. */
  boolean isEntombed(String uuid) {
    return tombs.containsKey(uuid);
  }

  /** Forgets what ended long enough ago. */
  void clearTombs(long now) {
    Iterator<Long> oldest = tombs.values().iterator();
    while (oldest.hasNext() && oldest.next() - now <= 0) {
      oldest.remove();
    }
  }

  int size() {
    return byNumber.size();
  }
}
