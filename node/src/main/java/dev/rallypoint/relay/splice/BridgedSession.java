package dev.rallypoint.relay.splice;

import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.BandwidthBudget;
import dev.rallypoint.policy.SpeedLimits;
import dev.rallypoint.protocol.proto.ConnType;
import dev.rallypoint.relay.session.EndReason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A session with a WebSocket leg on at least one side: the payload of one frame or message becomes
 * exactly one message or frame on the other side. Its rules are those of a {@link SplicedSession}:
 * caps, deadlines, half close. Its two legs run on threads of their own and meet in its two {@link
 * Lane}s; its deadlines are asked by one loop's wheel.
 */
final class BridgedSession extends DeadlineWheel.Entry implements LiveSession {
  private static final long LOOK = TimeUnit.SECONDS.toNanos(1);

  private final SpliceEngine engine;
  private final SpliceLoop loop;
  private final String uuid;
  private final RelayLeg a;
  private final RelayLeg b;
  private final ConnType connType;
  private final MessageLeg endOfA;
  private final MessageLeg endOfB;
  private final BridgeDirection toA;
  private final BridgeDirection toB;
  private final long start;
  private final BandwidthBudget budget;
  private final boolean isOverBackhaul;
  private final AtomicInteger unattached = new AtomicInteger(2);
  private final AtomicBoolean isEnded = new AtomicBoolean();
  private volatile boolean isLimited;
  private volatile long lastByte;

  /**
   * @param loop whose wheel asks for the deadlines
   */
  BridgedSession(
      SpliceEngine engine,
      SpliceLoop loop,
      String uuid,
      RelayLeg a,
      RelayLeg b,
      ConnType connType,
      boolean isLimited) {
    this.engine = engine;
    this.loop = loop;
    this.uuid = uuid;
    this.a = a;
    this.b = b;
    this.connType = connType;
    this.isLimited = isLimited;
    this.start = engine.now();
    this.lastByte = start;
    this.budget = new BandwidthBudget(start);
    this.isOverBackhaul = a.isPipe() || b.isPipe();
    this.endOfA = endOf(a);
    this.endOfB = endOf(b);
    this.toA = new BridgeDirection(this, endOfB, endOfA, start);
    this.toB = new BridgeDirection(this, endOfA, endOfB, start);
  }

  private static MessageLeg endOf(RelayLeg leg) {
    return switch (leg) {
      case Leg tcp -> new FramedTcpLeg(tcp);
      case WebSocketLeg webSocket -> webSocket;
    };
  }

  @Override
  public String uuid() {
    return uuid;
  }

  @Override
  public RelayLeg a() {
    return a;
  }

  @Override
  public RelayLeg b() {
    return b;
  }

  @Override
  public long bytes() {
    return toA.meter().bytes() + toB.meter().bytes();
  }

  @Override
  public SessionReport report(long now) {
    return new SessionReport(
        uuid,
        a.address(),
        b.address(),
        connType,
        Duration.ofNanos(now - start).toSeconds(),
        bytes(),
        toA.meter().speed(now) + toB.meter().speed(now),
        Math.max(toA.meter().highest(), toB.meter().highest()),
        isLimited);
  }

  /** Puts the two legs together. */
  void begin() {
    endOfA.attach(this, toB, toA);
    endOfB.attach(this, toA, toB);
    loop.execute(() -> loop.wheel().schedule(this, nextDeadline()));
  }

  /** A leg is ready to take; once both are, they may give. */
  void onAttached() {
    if (unattached.decrementAndGet() == 0) {
      endOfA.more();
      endOfB.more();
    }
  }

  long now() {
    return engine.now();
  }

  SpliceEngine engine() {
    return engine;
  }

  /** A source gave bytes. */
  void onMoved(Meter meter, int bytes, long now) {
    touch(now);
    engine.counters().count(Event.RELAY_BYTES, bytes);
    if (isOverBackhaul) {
      engine.counters().count(Event.BACKHAUL_BYTES, bytes);
    }
    SpeedLimits speeds = engine.rules().speeds();
    budget.charge(now, speeds.of(isLimited), bytes);
    engine.nodeBudget().charge(now, speeds.total(), bytes);
    if (meter.add(now, bytes) && !isLimited && speeds.isOverused(now - start, bytes())) {
      isLimited = true;
      engine.counters().count(Event.RELAY_DOWNGRADES);
    }
  }

  void touch(long now) {
    lastByte = now;
  }

  /** Does something once what was moved is within the session's and the node's caps. */
  void whenAffordable(Runnable next) {
    long now = now();
    SpeedLimits speeds = engine.rules().speeds();
    long rate = speeds.of(isLimited);
    long own = budget.nanosUntil(now, rate, BandwidthBudget.quantum(rate));
    long nodes =
        engine
            .nodeBudget()
            .nanosUntil(now, speeds.total(), BandwidthBudget.quantum(speeds.total()));
    long wait = Math.max(own, nodes);
    if (wait == 0) {
      next.run();
    } else if (!isEnded.get()) {
      CompletableFuture.delayedExecutor(Math.min(wait, LOOK), TimeUnit.NANOSECONDS)
          .execute(() -> {
            if (!engine.faults().isDone("a relayed session", () -> whenAffordable(next))) {
              end(EndReason.RESET);
            }
          });
    }
  }

  void onLaneOver() {
    if (toA.isOver() && toB.isOver()) {
      end(EndReason.FINISHED);
    }
  }

  /** Ends the session, once, and closes both legs; from any thread. */
  void end(EndReason reason) {
    if (isEnded.compareAndSet(false, true)) {
      loop.execute(() -> loop.wheel().cancel(this));
      engine.onEnded(this, reason);
      endOfA.end(reason);
      endOfB.end(reason);
    }
  }

  @Override
  void onDeadline(long now) {
    if (isEnded.get()) {
      return;
    }
    if (toA.isHeldBack() || toB.isHeldBack()) {
      touch(now); // it is we who make it wait
    }
    long write = isTunnel() ? idleNanos() : engine.settings().write().toNanos();
    if (toA.isStalled(now, write) || toB.isStalled(now, write)) {
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

  /** Looked at so often that the shorter of the two waits is kept about to the second. */
  private long nextDeadline() {
    return now() + LOOK;
  }

  private long idleNanos() {
    return (isTunnel() ? engine.settings().tunnelIdle() : engine.settings().idle()).toNanos();
  }

  private boolean isTunnel() {
    return connType == ConnType.PORT_FORWARD || connType == ConnType.RDP;
  }
}
