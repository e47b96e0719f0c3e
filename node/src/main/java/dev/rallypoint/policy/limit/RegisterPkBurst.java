package dev.rallypoint.policy.limit;

import dev.rallypoint.config.RegistrationLimits;

/**
 * Counts RegisterPk messages of one id that come with short gaps between them. A client sends one
 * every 15 s at most; two clones of a device that fight over an id send many. Immutable.
 *
 * @param messages messages of the burst so far
 * @param lastMillis when the last one came, by a monotonic clock
 */
public record RegisterPkBurst(int messages, long lastMillis) {
  /** No message yet. */
  public static final RegisterPkBurst NONE = new RegisterPkBurst(0, 0);

  /** The burst with one more message; after a gap that is long enough a new one begins. */
  public RegisterPkBurst next(long nowMillis, RegistrationLimits limits) {
    boolean goesOn = messages > 0 && nowMillis - lastMillis < limits.perIdGap().toMillis();
    // Capped just over the limit, so that it cannot overflow.
    int counted = goesOn ? Math.min(messages, limits.perIdBurst()) + 1 : 1;
    return new RegisterPkBurst(counted, nowMillis);
  }

  /** Whether the last message is one too many: TOO_FREQUENT. */
  public boolean isOver(RegistrationLimits limits) {
    return messages > limits.perIdBurst();
  }
}
