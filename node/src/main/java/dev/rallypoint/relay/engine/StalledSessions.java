package dev.rallypoint.relay.engine;

import dev.rallypoint.policy.SessionRules;
import dev.rallypoint.policy.limit.IdlestFirst;
import dev.rallypoint.relay.loop.LiveSession;
import dev.rallypoint.relay.session.EndReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

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

  /** Ends about as many of a loop's sessions as directions wait; on that loop. */
  static void end(Collection<LiveSession> ofLoop, int waiting, long now) {
    List<IdlestFirst.Candidate<LiveSession>> candidates = new ArrayList<>();
    for (LiveSession session : ofLoop) {
      if (session.blockedSince() != SessionRules.NOT_BLOCKED) {
        candidates.add(
            new IdlestFirst.Candidate<>(session, session.legs().hosts(), session.blockedSince()));
      }
    }
    RULE.choose(candidates, Math.min(waiting, MOST_PER_TURN), now)
        .forEach(session -> session.end(EndReason.STALLED));
  }
}
