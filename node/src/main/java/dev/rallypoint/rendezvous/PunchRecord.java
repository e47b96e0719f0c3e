package dev.rallypoint.rendezvous;

import dev.rallypoint.metrics.ClientJournal;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.access.Asked;
import dev.rallypoint.metrics.access.PunchVerdict;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.NatType;
import dev.rallypoint.protocol.proto.PunchHoleSent;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.rendezvous.Attempt.Kind;

/** What one requester's attempts came to, for the access log and for what operators ask. */
record PunchRecord(Counters counters, PeerAddress requester) {

  /** The target's answer is passed on. */
  void answered(Attempt attempt, RendezvousMessage answer) {
    String session =
        attempt.session().isEmpty() ? answer.getRelayResponse().getUuid() : attempt.session();
    log(attempt, verdictOf(answer), session);
    note(attempt.target().value(), answer);
  }

  /** The attempt is given up; told only where an answer was still waited for. */
  void unanswered(Attempt attempt) {
    if (attempt.isWaited()) {
      log(attempt, PunchVerdict.NO_ANSWER, attempt.session());
    }
  }

  private void log(Attempt attempt, PunchVerdict verdict, String session) {
    Asked kind = attempt.kind() == Kind.PUNCH ? Asked.PUNCH : Asked.RELAY_REQUEST;
    counters.access().punch(kind, requester, attempt.target().value(), verdict, session);
  }

  private static PunchVerdict verdictOf(RendezvousMessage answer) {
    return switch (answer.getUnionCase()) {
      case PUNCH_HOLE_SENT -> PunchVerdict.DIRECT;
      case LOCAL_ADDR -> PunchVerdict.LAN;
      default -> PunchVerdict.RELAY;
    };
  }

  private void note(String target, RendezvousMessage answer) {
    ClientJournal journal = counters.journal();
    switch (answer.getUnionCase()) {
      case PUNCH_HOLE_SENT -> {
        PunchHoleSent sent = answer.getPunchHoleSent();
        journal.said(target, sent.getNatType(), sent.getVersion());
      }
      case LOCAL_ADDR ->
          journal.said(target, NatType.UNKNOWN_NAT, answer.getLocalAddr().getVersion());
      case RELAY_RESPONSE ->
          journal.said(target, NatType.UNKNOWN_NAT, answer.getRelayResponse().getVersion());
      default -> {}
    }
  }
}
