package dev.rallypoint.strategy;

/** Thrown, also in stages, when something is not done; the message is one line for the user. */
public final class StrategyRefusal extends RuntimeException {
  private final Kind kind;

  /** Why it was not done. */
  public enum Kind {
    /** What was sent breaks a rule. */
    INVALID,
    /** There is no such strategy, device, user or group. */
    UNKNOWN,
    /** The name is taken, or options have to be confirmed. */
    CONFLICT
  }

  StrategyRefusal(Kind kind, String line) {
    super(line);
    this.kind = kind;
  }

  /** Why it was not done. */
  public Kind kind() {
    return kind;
  }
}
