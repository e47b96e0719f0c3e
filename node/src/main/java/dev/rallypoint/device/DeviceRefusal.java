package dev.rallypoint.device;

/** Thrown, also in stages, when something is not done; the message is one line for the user. */
public final class DeviceRefusal extends RuntimeException {
  private final Kind kind;

  /** Why it was not done. */
  public enum Kind {
    /** What was sent is malformed, or breaks a rule. */
    INVALID,
    /** There is no such device, group or user. */
    UNKNOWN,
    /** The name is taken, or the state does not allow it. */
    CONFLICT
  }

  /**
   * @param line what is wrong and what to do, in one line
   */
  public DeviceRefusal(Kind kind, String line) {
    super(line);
    this.kind = kind;
  }

  /** Why it was not done. */
  public Kind kind() {
    return kind;
  }

  /** The request breaks a rule. */
  public static DeviceRefusal invalid(String line) {
    return new DeviceRefusal(Kind.INVALID, line);
  }

  /** There is none of what is named. */
  public static DeviceRefusal unknown(String line) {
    return new DeviceRefusal(Kind.UNKNOWN, line);
  }
}
