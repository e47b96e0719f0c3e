package dev.rallypoint.metrics;

import dev.rallypoint.metrics.ClientJournal.Way;
import dev.rallypoint.metrics.access.AccessLog;
import dev.rallypoint.metrics.access.Asked;
import dev.rallypoint.metrics.access.PunchVerdict;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.NatType;
import org.jspecify.annotations.Nullable;

/**
 * Tells what becomes of single clients, in the access log and in the journal that operators ask:
 * both have each refusal under the same words. Safe for all threads.
 */
public record ClientEvents(AccessLog log, ClientJournal journal) {
  private static final String ACCESS_KEY = DropReason.ACCESS_KEY.label();

  /**
   * A client was not served.
   *
   * @param id the id that it is about, or null
   * @param session the relay session's uuid, or null
   */
  public void refused(
      String reason,
      PeerAddress from,
      Way way,
      Asked what,
      @Nullable String id,
      @Nullable String session) {
    log.refused(reason, from, what, id, session);
    journal.refused(id, from, way, text(what, reason));
  }

  /**
   * A requester has a wrong access key, or none. The log has one line for each address and minute.
   *
   * @param fingerprint of the key that it has
   * @return whether this was the address's first one of the minute
   */
  public boolean wrongKey(PeerAddress requester, Asked what, String target, String fingerprint) {
    journal.refused(target, requester, Way.CONNECTION, text(what, ACCESS_KEY));
    return log.wrongKey(requester, what, target, fingerprint);
  }

  /**
   * A requester is told that its target cannot be reached.
   *
   * @param session the uuid of the relay session, or empty
   */
  public void unreachable(
      Asked kind, PeerAddress requester, String target, PunchVerdict verdict, String session) {
    log.punch(kind, requester, target, verdict, session);
    journal.refused(target, requester, Way.CONNECTION, text(kind, verdict.label()));
  }

  /**
   * A requester gets its target's answer.
   *
   * @param session the uuid of the relay session that they were told, or empty
   * @param nat the target's NAT type, as far as it says so
   * @param version the target's version, or empty
   */
  public void answered(
      Asked kind,
      PeerAddress requester,
      String target,
      PunchVerdict verdict,
      String session,
      NatType nat,
      String version) {
    log.punch(kind, requester, target, verdict, session);
    journal.said(target, nat, version);
  }

  private static String text(Asked what, String reason) {
    return what.label() + " " + reason;
  }
}
