package dev.rallypoint.relay.splice;

import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.BandwidthBudget;
import dev.rallypoint.policy.SpeedLimits;
import dev.rallypoint.protocol.proto.ConnType;
import dev.rallypoint.relay.session.EndReason;
import java.io.IOException;
import java.time.Duration;

/**
 * Two legs on one loop that are each other's partner: a relayed session. Half close is kept; the
 * session is over when both directions are, or a side breaks, or a deadline passes.
 */
public final class SplicedSession extends DeadlineWheel.Entry implements LegPhase, LiveSession {
  private final String uuid;
  private final Leg a;
  private final Leg b;
  private final ConnType connType;
  private final SpliceLoop loop;
  private final Direction toA;
  private final Direction toB;
  private final Meter meter;
  private final BandwidthBudget budget;
  private final boolean isOverBackhaul;
  private volatile boolean isLimited;
  private long lastByte;
  private boolean hasBegun;
  private boolean isEnded;

  SplicedSession(
      String uuid, Leg a, Leg b, ConnType connType, boolean isLimited, SpliceLoop loop, long now) {
    this.uuid = uuid;
    this.a = a;
    this.b = b;
    this.connType = connType;
    this.isLimited = isLimited;
    this.loop = loop;
    this.toA = new Direction(this, b, a);
    this.toB = new Direction(this, a, b);
    this.meter = new Meter(now);
    this.budget = new BandwidthBudget(now);
    this.lastByte = now;
    this.isOverBackhaul = a.isPipe() || b.isPipe();
  }

  @Override
  public String uuid() {
    return uuid;
  }

  @Override
  public Leg a() {
    return a;
  }

  @Override
  public Leg b() {
    return b;
  }

  SpliceLoop loop() {
    return loop;
  }

  BandwidthBudget budget() {
    return budget;
  }

  boolean isLimited() {
    return isLimited;
  }

  boolean isEnded() {
    return isEnded;
  }

  @Override
  public long bytes() {
    return meter.bytes();
  }

  @Override
  public SessionReport report(long now) {
    return new SessionReport(
        uuid,
        a.address(),
        b.address(),
        connType,
        Duration.ofNanos(meter.age(now)).toSeconds(),
        meter.bytes(),
        meter.speed(now),
        meter.highest(),
        isLimited);
  }

  /** Begins, on its loop, once both legs have left theirs. */
  void begin(long now) {
    if (loop.isStopping() || a.isClosed() || b.isClosed()) {
      end(loop.isStopping() ? EndReason.STOPPED : EndReason.GONE);
      return;
    }
    byte[] earlyOfA = early(a);
    byte[] earlyOfB = early(b);
    try {
      a.register(this);
      b.register(this);
    } catch (IOException e) {
      end(EndReason.GONE);
      return;
    }
    hasBegun = true;
    toB.begin(earlyOfA, now);
    toA.begin(earlyOfB, now);
    if (!isEnded) {
      refreshInterests();
      loop.wheel().schedule(this, nextDeadline());
    }
  }

  @Override
  public void onReadable(Leg leg, long now) {
    (leg == a ? toB : toA).onReadable(now);
    refreshInterests();
  }

  @Override
  public void onWritable(Leg leg, long now) {
    (leg == a ? toA : toB).onWritable(now);
    refreshInterests();
  }

  /** A leg's own deadline means nothing any more. */
  @Override
  public void onDeadline(Leg leg, long now) {}

  @Override
  public void onAbandoned(Leg leg, EndReason reason) {
    end(reason);
  }

  @Override
  void onDeadline(long now) {
    if (isEnded) {
      return;
    }
    long write = writeNanos();
    if (isStalled(toA, now, write) || isStalled(toB, now, write)) {
      end(EndReason.STALLED);
    } else if (now - lastByte >= idleNanos()) {
      end(EndReason.IDLE);
    } else {
      loop.wheel().schedule(this, nextDeadline());
    }
  }

  @Override
  void onFault() {
    end(EndReason.RESET);
  }

  /** A direction read bytes. */
  void moved(int bytes, long now) {
    lastByte = now;
    loop.moved(bytes, isOverBackhaul);
    if (meter.add(now, bytes) && !isLimited) {
      SpeedLimits speeds = loop.speeds();
      if (speeds.isOverused(meter.age(now), meter.bytes())) {
        isLimited = true;
        loop.counters().count(Event.RELAY_DOWNGRADES);
      }
    }
  }

  /** A direction wrote bytes. */
  void touch(long now) {
    lastByte = now;
  }

  /** A direction's target does not take its bytes. */
  void onBlocked(long now) {
    loop.wheel().schedule(this, now + writeNanos());
  }

  /** A direction's source has no more bytes. */
  void onEnd(Direction direction, long now) {
    // A source that broke off shall not look like one that ended.
    if ((direction == toA ? toB : toA).isTargetReset()) {
      end(EndReason.RESET);
    } else {
      direction.finish(now);
    }
  }

  /**
   * A direction ended or lost its target. A side that is left alone with one that forgets what it
   * says is not waited for as long as a tunnel is.
   */
  void onHalfDead(long now) {
    if (isLeftAlone()) {
      loop.wheel().schedule(this, now + idleNanos());
    }
  }

  void refreshInterests() {
    if (isEnded) {
      return;
    }
    if (toA.isOver() && toB.isOver()) {
      end(EndReason.FINISHED);
      return;
    }
    a.want(toB.wantsToRead(), toA.wantsToWrite());
    b.want(toA.wantsToRead(), toB.wantsToWrite());
  }

  /** Ends the session unless its legs are still on their way to this loop. */
  void endOnceBegun(EndReason reason) {
    if (hasBegun) {
      end(reason);
    }
  }

  /** Ends the session, once, and closes both legs. */
  void end(EndReason reason) {
    if (isEnded) {
      return;
    }
    isEnded = true;
    loop.wheel().cancel(this);
    toA.release();
    toB.release();
    loop.onEnded(this, reason);
    switch (reason) {
      case RESET, STALLED, LOST -> {
        a.reset();
        b.reset();
      }
      case FINISHED, IDLE, GONE, DRAINED, STOPPED -> {
        a.close();
        b.close();
      }
    }
  }

  private long nextDeadline() {
    long deadline = lastByte + idleNanos();
    if (toA.wantsToWrite()) {
      deadline = Math.min(deadline, toA.progress() + writeNanos());
    }
    if (toB.wantsToWrite()) {
      deadline = Math.min(deadline, toB.progress() + writeNanos());
    }
    return deadline;
  }

  private boolean isLeftAlone() {
    return toA.isOver() && toB.isForgetting() || toB.isOver() && toA.isForgetting();
  }

  private long idleNanos() {
    return isTunnel() && !isLeftAlone()
        ? loop.settings().tunnelIdle().toNanos()
        : loop.settings().idle().toNanos();
  }

  private long writeNanos() {
    return isTunnel() ? loop.settings().tunnelIdle().toNanos() : loop.settings().write().toNanos();
  }

  /** Raw tunnels are rightly silent for long: the client's own limit is an hour. */
  private boolean isTunnel() {
    return connType == ConnType.PORT_FORWARD || connType == ConnType.RDP;
  }

  private static boolean isStalled(Direction direction, long now, long write) {
    return direction.wantsToWrite() && now - direction.progress() >= write;
  }

  private static byte[] early(Leg leg) {
    return leg.phase() instanceof AwaitingPartner waiting ? waiting.early() : new byte[0];
  }
}
