package dev.rallypoint.registration;

import dev.rallypoint.metrics.ClientJournal.Way;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.metrics.Refusal;
import dev.rallypoint.metrics.access.Asked;
import dev.rallypoint.policy.limit.RegistrationThrottle.NewId;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.registration.PeerCommand.RegisterAnswer;
import java.util.Locale;
import java.util.Optional;

/** Counts what becomes of registrations, and writes it into the log. Safe for all threads. */
record RegistrationEvents(Counters counters) {

  /** An entity has accepted a claim, which was a new id's where the limits admitted one. */
  void accepted(Registrar.Claim claim, Optional<NewId> admitted, RegisterAnswer answer) {
    counters.count(Event.REGISTRATIONS_ACCEPTED);
    counters
        .access()
        .registered(
            claim.message().getId(),
            claim.from(),
            claim.homeIsLink() ? "link" : "udp",
            change(admitted, answer));
  }

  private static String change(Optional<NewId> admitted, RegisterAnswer answer) {
    if (answer.isChanged()) {
      return admitted.map(kind -> kind == NewId.PROVISIONAL ? "provisional" : "new").orElse("key");
    }
    return answer.previousIp().isEmpty() ? "none" : "address";
  }

  /** A client is answered about its claim. */
  void answered(Registrar.Claim claim, Result result) {
    Way way = claim.homeIsLink() ? Way.CONNECTION : Way.DATAGRAM;
    answered(result, claim.from(), way, Asked.REGISTRATION, claim.message().getId());
  }

  /** A client is answered about another id for it. */
  void answered(Registrar.Rename rename, Result result) {
    String id = rename.message().getId();
    if (result == Result.OK) {
      counters.count(Event.IDS_CHANGED);
      counters.access().renamed(id, rename.from(), rename.message().getOldId());
    }
    answered(result, rename.from(), Way.CONNECTION, Asked.ID_CHANGE, id);
  }

  private void answered(Result result, PeerAddress from, Way way, Asked what, String id) {
    if (result == Result.OK) {
      return;
    }
    if (result == Result.TOO_FREQUENT) {
      counters.countDrop(DropReason.REGISTRATION_TOO_FREQUENT, from);
    }
    counters.refused(Refusal.of(result));
    counters.clients().refused(result.name().toLowerCase(Locale.ROOT), from, way, what, id, null);
  }
}
