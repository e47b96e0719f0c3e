package dev.rallypoint.metrics;

import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import java.util.Locale;

/** What clients asked for and were refused with an answer, and why. */
public enum Refusal {
  /** The id is another device's, or the client is to draw another id. */
  REGISTRATION_UUID_MISMATCH(Asked.REGISTRATION),
  /** The id that a client wants to change to is another device's. */
  REGISTRATION_ID_EXISTS(Asked.REGISTRATION),
  /** Over a limit of registrations. */
  REGISTRATION_TOO_FREQUENT(Asked.REGISTRATION),
  /** The id is not one that clients may have. */
  REGISTRATION_INVALID_ID_FORMAT(Asked.REGISTRATION),
  /** A change of id, where the settings forbid them; or an administrator disabled the device. */
  REGISTRATION_NOT_SUPPORT(Asked.REGISTRATION),
  /** The device waits for an administrator, or is to be deployed first. */
  REGISTRATION_NOT_DEPLOYED(Asked.REGISTRATION),
  /** The database or the entity did not answer. */
  REGISTRATION_SERVER_ERROR(Asked.REGISTRATION),
  /** A wrong or missing access key. */
  PUNCH_LICENSE_MISMATCH(Asked.PUNCH),
  /** Nobody has the id. */
  PUNCH_ID_NOT_EXIST(Asked.PUNCH),
  /** The device is known and not registered anywhere. */
  PUNCH_OFFLINE(Asked.PUNCH),
  /** It could not be found out where the device is. */
  PUNCH_UNAVAILABLE(Asked.PUNCH),
  /** The token is not known, or not any more. */
  PUNCH_LOGIN_ENDED(Asked.PUNCH),
  /** It takes a login. */
  PUNCH_NOT_LOGGED_IN(Asked.PUNCH),
  /** The organization, the user or the device is disabled, or the device waits for approval. */
  PUNCH_DISABLED(Asked.PUNCH),
  /** A rule forbids the controlling client's network. */
  PUNCH_NETWORK(Asked.PUNCH),
  /** Nothing lets this user to the device. */
  PUNCH_NO_ACCESS(Asked.PUNCH),
  /** Nobody could tell whether it is allowed. */
  PUNCH_UNCHECKED(Asked.PUNCH),
  /** Nobody has the id. */
  RELAY_ID_NOT_EXIST(Asked.RELAY),
  /** The device is known and not registered anywhere. */
  RELAY_OFFLINE(Asked.RELAY),
  /** It could not be found out where the device is. */
  RELAY_UNAVAILABLE(Asked.RELAY),
  /** No punch request of the host for the device was admitted before. */
  RELAY_UNADMITTED(Asked.RELAY),
  /** The relay that was asked for is none of ours, and there is none in its place. */
  RELAY_UNKNOWN_RELAY(Asked.RELAY),
  /** The token is not known, or not any more. */
  RELAY_LOGIN_ENDED(Asked.RELAY),
  /** It takes a login. */
  RELAY_NOT_LOGGED_IN(Asked.RELAY),
  /** The organization, the user or the device is disabled, or the device waits for approval. */
  RELAY_DISABLED(Asked.RELAY),
  /** A rule forbids the controlling client's network. */
  RELAY_NETWORK(Asked.RELAY),
  /** Nothing lets this user to the device. */
  RELAY_NO_ACCESS(Asked.RELAY),
  /** Nobody could tell whether it is allowed. */
  RELAY_UNCHECKED(Asked.RELAY);

  private final Asked asked;

  /** What was asked for. */
  enum Asked {
    /** RegisterPk. */
    REGISTRATION("rallypoint.registrations.refused", "RegisterPk messages that were refused."),
    /** PunchHoleRequest. */
    PUNCH(
        "rallypoint.punch.requests.refused",
        "PunchHoleRequest messages that were refused, repetitions included."),
    /** RequestRelay at the ID server. */
    RELAY(
        "rallypoint.relay.requests.refused",
        "RequestRelay messages to the ID server that were refused.");

    private final String metric;
    private final String help;

    Asked(String metric, String help) {
      this.metric = metric;
      this.help = help;
    }

    String metric() {
      return metric;
    }

    String help() {
      return help;
    }
  }

  Refusal(Asked asked) {
    this.asked = asked;
  }

  Asked asked() {
    return asked;
  }

  /**
   * The refusal that a client is answered with.
   *
   * @throws IllegalArgumentException when the result is none
   */
  public static Refusal of(Result result) {
    return switch (result) {
      case UUID_MISMATCH -> REGISTRATION_UUID_MISMATCH;
      case ID_EXISTS -> REGISTRATION_ID_EXISTS;
      case TOO_FREQUENT -> REGISTRATION_TOO_FREQUENT;
      case INVALID_ID_FORMAT -> REGISTRATION_INVALID_ID_FORMAT;
      case NOT_SUPPORT -> REGISTRATION_NOT_SUPPORT;
      case NOT_DEPLOYED -> REGISTRATION_NOT_DEPLOYED;
      case SERVER_ERROR -> REGISTRATION_SERVER_ERROR;
      default -> throw new IllegalArgumentException(result.toString());
    };
  }

  /** The label in metrics and docs, such as {@code uuid_mismatch}. */
  public String reason() {
    return name().substring(asked.name().length() + 1).toLowerCase(Locale.ROOT);
  }
}
