package dev.rallypoint.rendezvous;

import dev.rallypoint.metrics.ClientJournal.Way;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.access.Asked;
import dev.rallypoint.metrics.access.PunchVerdict;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.NatType;
import dev.rallypoint.protocol.proto.PunchHoleSent;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import dev.rallypoint.registration.Location.Presence;
import dev.rallypoint.rendezvous.Attempt.Kind;

/** What one requester's attempts came to, for the access log and for what operators ask. */
record PunchRecord(Counters counters, PeerAddress requester) {

  /** The target's answer is passed on. */
  void answered(Attempt attempt, RendezvousMessage answer) {
    switch (answer.getUnionCase()) {
      case PUNCH_HOLE_SENT -> {
        PunchHoleSent sent = answer.getPunchHoleSent();
        answered(attempt, PunchVerdict.DIRECT, "", sent.getNatType(), sent.getVersion());
      }
      case LOCAL_ADDR -> {
        String version = answer.getLocalAddr().getVersion();
        answered(attempt, PunchVerdict.LAN, "", NatType.UNKNOWN_NAT, version);
      }
      default -> {
        String session = answer.getRelayResponse().getUuid();
        String version = answer.getRelayResponse().getVersion();
        answered(attempt, PunchVerdict.RELAY, session, NatType.UNKNOWN_NAT, version);
      }
    }
  }

  private void answered(
      Attempt attempt, PunchVerdict verdict, String session, NatType nat, String version) {
    counters
        .clients()
        .answered(
            kind(attempt),
            requester,
            attempt.target().value(),
            verdict,
            attempt.session().isEmpty() ? session : attempt.session(),
            nat,
            version);
  }

  /** The target is not reached; in the session of this uuid, or an empty one. */
  void unreachable(Asked kind, String target, Presence presence, String session) {
    PunchVerdict verdict = PunchVerdict.valueOf(presence.name());
    counters.clients().unreachable(kind, requester, target, verdict, session);
  }

  /** The punch request is refused. */
  void refused(String reason, PeerId target) {
    Asked kind = Asked.PUNCH;
    counters.clients().refused(reason, requester, Way.CONNECTION, kind, target.value(), "");
  }

  /** The relay request is refused. */
  void refused(String reason, RequestRelay request) {
    counters
        .clients()
        .refused(
            reason,
            requester,
            Way.CONNECTION,
            Asked.RELAY_REQUEST,
            request.getId(),
            request.getUuid());
  }

  /** The attempt is given up; told only where an answer was still waited for. */
  void unanswered(Attempt attempt) {
    if (attempt.isWaited()) {
      String target = attempt.target().value();
      counters
          .access()
          .punch(kind(attempt), requester, target, PunchVerdict.NO_ANSWER, attempt.session());
    }
  }

  private static Asked kind(Attempt attempt) {
    return attempt.kind() == Kind.PUNCH ? Asked.PUNCH : Asked.RELAY_REQUEST;
  }
}
