package dev.rallypoint.relay.loop;

import dev.rallypoint.policy.IdlestFirst;
import dev.rallypoint.policy.SessionRules;
import dev.rallypoint.relay.session.EndReason;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Ends stalled sessions when a loop has no conduit left for others. A side that takes no bytes
 * holds a conduit for as long as the write limit, which is long for tunnels; while others wait for
 * one, it may hold it for ten seconds.
 */
final class StalledSessions {
  /** How long a side may take no bytes while others wait for a conduit. */
  static final Duration LIMIT = Duration.ofSeconds(10);

  /** The most sessions ended in one turn. */
  private static final int MOST_PER_TURN = 64;

  private static final IdlestFirst RULE = new IdlestFirst(LIMIT.toNanos(), Integer.MAX_VALUE);

  private StalledSessions() {}

  /** Ends about as many sessions as directions wait; on the loop whose keys these are. */
  static void end(Collection<SelectionKey> keys, int waiting, long now) {
    Set<LiveSession> stalled = new HashSet<>();
    for (SelectionKey key : keys) {
      if (key.attachment() instanceof TcpLeg leg
          && leg.phase() instanceof LiveSession session
          && session.blockedSince() != SessionRules.NOT_BLOCKED) {
        stalled.add(session);
      }
    }
    List<IdlestFirst.Candidate<LiveSession>> candidates = new ArrayList<>();
    for (LiveSession session : stalled) {
      candidates.add(
          new IdlestFirst.Candidate<>(session, session.legs().hosts(), session.blockedSince()));
    }
    RULE.choose(candidates, Math.min(waiting, MOST_PER_TURN), now)
        .forEach(session -> session.end(EndReason.STALLED));
  }
}
