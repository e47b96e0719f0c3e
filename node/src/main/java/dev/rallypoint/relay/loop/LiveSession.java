package dev.rallypoint.relay.loop;

import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.SessionRules;
import dev.rallypoint.policy.SessionRules.DirectionState;
import dev.rallypoint.policy.limit.BandwidthBudget;
import dev.rallypoint.relay.session.EndReason;
import java.time.Duration;
import java.util.function.BiConsumer;

/**
 * A running session: two legs whose bytes are relayed, with what is the same for TCP and WebSocket:
 * its limits, its deadlines and its report. Both directions end for themselves; the session is over
 * when both are, or a leg breaks, or a limit is reached.
 */
public abstract class LiveSession extends DeadlineWheel.Entry {
  private final LegPair legs;

  private final RelayLoop loop;
  private final BiConsumer<LiveSession, EndReason> onEnded;
  private final SessionRules rules;
  private final Meter meter;
  private final BandwidthBudget budget;
  private volatile boolean isLimited;
  private volatile long lastByte;

  /** On a loop whose wheel watches its deadlines; {@code onEnded} is called once. */
  protected LiveSession(LegPair legs, RelayLoop loop, BiConsumer<LiveSession, EndReason> onEnded) {
    long now = loop.context().now();
    this.legs = legs;
    this.loop = loop;
    this.onEnded = onEnded;
    this.rules = SessionRules.of(loop.context().settings(), legs.connType());
    this.meter = new Meter(now);
    this.budget = new BandwidthBudget(now);
    this.isLimited = legs.isLimited();
    this.lastByte = now;
  }

  /** The legs; for any thread. */
  public final LegPair legs() {
    return legs;
  }

  /** Bytes relayed so far, both directions; for any thread. */
  public final long bytes() {
    return meter.bytes();
  }

  /** The loop that watches its deadlines; for any thread. */
  public final RelayLoop loop() {
    return loop;
  }

  /** Begins to relay; once, for any thread. */
  public abstract void start();

  /** Ends the session, once, and closes both legs; for any thread. */
  public abstract void end(EndReason reason);

  /** Whether it has ended. */
  public abstract boolean isEnded();

  /** From the controlled side to the controlling one. */
  protected abstract SessionDirection toA();

  /** From the controlling side to the controlled one. */
  protected abstract SessionDirection toB();

  /** What the session does; for any thread. */
  public final SessionReport report(long now) {
    return new SessionReport(
        legs,
        Duration.ofNanos(meter.age(now)).toSeconds(),
        meter.bytes(),
        meter.speed(now),
        meter.highest(),
        isLimited);
  }

  /** When bytes moved last; for any thread. */
  public final long lastByte() {
    return lastByte;
  }

  final BandwidthBudget budget() {
    return budget;
  }

  /** Whether it has the limited speed. */
  public final boolean isLimited() {
    return isLimited;
  }

  /** How long a target may take none of the bytes that wait for it, in nanoseconds. */
  protected final long writeLimit() {
    return rules.writeLimit();
  }

  /** How long no byte may be delivered, in nanoseconds. */
  protected final long idleLimit() {
    return rules.idleLimit(toA().state(), toB().state());
  }

  /** Bytes were read that are to be delivered. One thread at a time. */
  protected void onRelayed(int bytes, long now) {
    lastByte = now;
    if (meter.add(now, bytes)
        && !isLimited
        && loop.context().rules().speeds().isOverused(meter.age(now), meter.bytes())) {
      isLimited = true;
      if (legs.isCountedHere()) {
        loop.context().counters().count(Event.RELAY_DOWNGRADES);
      }
    }
  }

  /** Bytes moved on their way. */
  public final void touch(long now) {
    lastByte = now;
  }

  /** Whether a direction's source was reset, so that its end must not look like an orderly one. */
  public final boolean isSourceReset(SessionDirection direction) {
    return (direction == toA() ? toB() : toA()).isTargetReset();
  }

  /** Whether nothing goes either way any more. */
  protected final boolean isFinished() {
    return toA().state() == DirectionState.OVER && toB().state() == DirectionState.OVER;
  }

  /** Ends the session when a limit is reached. */
  @Override
  protected void onDeadline(long now) {
    if (isEnded()) {
      return;
    }
    switch (rules.verdict(now, lastByte, blockedSince(), toA().state(), toB().state())) {
      case CONTINUE -> loop.wheel().schedule(this, nextCheck(now));
      case IDLE -> end(EndReason.IDLE);
      case STALLED -> end(EndReason.STALLED);
    }
  }

  @Override
  protected final void onFault() {
    end(EndReason.RESET);
  }

  /** When a limit may be reached; it may be looked at earlier. */
  protected long nextCheck(long now) {
    return rules.deadline(lastByte, blockedSince(), toA().state(), toB().state());
  }

  /** Since when a side takes none of the bytes that wait for it; on its loop. */
  public final long blockedSince() {
    return Math.min(toA().blockedSince(), toB().blockedSince());
  }

  /** To be called once, by {@link #end}. */
  protected final void onEnded(EndReason reason) {
    onEnded.accept(this, reason);
  }
}
