package dev.rallypoint.registration;

import dev.rallypoint.cluster.ClusterMessage;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;

/**
 * An entity's answer to {@link PeerRegistration.Register}.
 *
 * @param outcome what became of it
 * @param result the verdict for the client, where the outcome is {@code JUDGED}
 * @param previousIp the ip stored before, when it was another one; else empty
 */
record Registered(Outcome outcome, Result result, String previousIp) implements ClusterMessage {

  /** What became of a RegisterPk. */
  enum Outcome {
    /** There is a verdict. */
    JUDGED,
    /** Nothing a client sends; no answer. */
    IGNORED,
    /** Nobody has the id, and it may not be created without admission: ask again with it. */
    NEEDS_ADMISSION
  }

  static Registered judged(Result result) {
    return new Registered(Outcome.JUDGED, result, "");
  }
}
