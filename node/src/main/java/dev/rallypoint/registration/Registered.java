package dev.rallypoint.registration;

import dev.rallypoint.cluster.ClusterMessage;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;

/**
 * An entity's answer to {@link PeerCommand.Register}.
 *
 * @param outcome what became of it
 * @param result the verdict for the client, where the outcome is {@code JUDGED}
 * @param previousIp the ip stored before, when it was another one; else empty
 * @param epoch the home's, where the result is OK
 */
record Registered(Outcome outcome, Result result, String previousIp, long epoch)
    implements ClusterMessage {

  /** What became of a RegisterPk. */
  enum Outcome {
    /** There is a verdict. */
    JUDGED,
    /** Nothing a client sends; no answer. */
    IGNORED,
    /** Nobody has the id, and it may not be created without admission: ask again with it. */
    NEEDS_ADMISSION
  }

  boolean isAccepted() {
    return outcome == Outcome.JUDGED && result == Result.OK;
  }

  static Registered refused(Result result) {
    return new Registered(Outcome.JUDGED, result, "", 0);
  }

  static Registered undecided(Outcome outcome) {
    return new Registered(outcome, Result.OK, "", 0);
  }

  static Registered accepted(String previousIp, long epoch) {
    return new Registered(Outcome.JUDGED, Result.OK, previousIp, epoch);
  }
}
