package dev.rallypoint.loadtest.gatling.client;

import dev.rallypoint.loadtest.gatling.link.Reason;
import dev.rallypoint.protocol.proto.PunchHoleResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;

/** What a server can answer to a PunchHoleRequest. */
public enum PunchAnswer {
  /** The public address of the target. */
  ADDRESS(Reason.UNEXPECTED_ANSWER),
  /** Its address in the LAN of the requester. */
  LOCAL_ADDRESS(Reason.UNEXPECTED_ANSWER),
  /** A relay at which the target waits. */
  RELAY(Reason.UNEXPECTED_ANSWER),
  /** OFFLINE. */
  OFFLINE(Reason.OFFLINE),
  /** ID_NOT_EXIST. */
  UNKNOWN_ID(Reason.UNKNOWN_ID),
  /** LICENSE_MISMATCH. */
  KEY_MISMATCH(Reason.KEY_MISMATCH),
  /** Another failure, or one in words. */
  REFUSED(Reason.REFUSED);

  private final Reason reason;

  PunchAnswer(Reason reason) {
    this.reason = reason;
  }

  /** The reason of the failure when another answer was expected. */
  public Reason reason() {
    return reason;
  }

  /** Whether the answer leads to the target. */
  public boolean isWay() {
    return this == ADDRESS || this == LOCAL_ADDRESS || this == RELAY;
  }

  /** The kind of a PunchHoleResponse or RelayResponse. */
  static PunchAnswer of(RendezvousMessage message) {
    return message.hasRelayResponse()
        ? message.getRelayResponse().getRefuseReason().isEmpty() ? RELAY : REFUSED
        : of(message.getPunchHoleResponse());
  }

  private static PunchAnswer of(PunchHoleResponse response) {
    if (!response.getSocketAddr().isEmpty()) {
      return response.getIsLocal() ? LOCAL_ADDRESS : ADDRESS;
    }
    if (!response.getOtherFailure().isEmpty()) {
      return REFUSED;
    }
    return switch (response.getFailure()) {
      case ID_NOT_EXIST -> UNKNOWN_ID;
      case OFFLINE -> OFFLINE;
      case LICENSE_MISMATCH -> KEY_MISMATCH;
      default -> REFUSED;
    };
  }
}
