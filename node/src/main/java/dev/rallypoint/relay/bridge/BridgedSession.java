package dev.rallypoint.relay.bridge;

import dev.rallypoint.metrics.Event;
import dev.rallypoint.relay.loop.LegPair;
import dev.rallypoint.relay.loop.LiveSession;
import dev.rallypoint.relay.loop.RelayLoop;
import dev.rallypoint.relay.loop.SessionDirection;
import dev.rallypoint.relay.session.EndReason;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/**
 * A session with a WebSocket leg on at least one side: the payload of one frame or message becomes
 * exactly one message or frame on the other side. Its two legs run on threads of their own and meet
 * in its two {@link BridgeDirection}s; one loop watches its limits. Methods are for any thread.
 */
public final class BridgedSession extends LiveSession {
  /** How often its limits are looked at: both waits are kept to about a second. */
  private static final long CHECK = TimeUnit.SECONDS.toNanos(1);

  private final MessageLeg a;
  private final MessageLeg b;
  private final BridgeDirection toA;
  private final BridgeDirection toB;
  private final AtomicInteger unattached = new AtomicInteger(2);
  private final AtomicBoolean isEnded = new AtomicBoolean();

  /** Of two legs, of which {@code a} is the controlling side's. */
  public BridgedSession(
      LegPair legs,
      MessageLeg a,
      MessageLeg b,
      RelayLoop loop,
      BiConsumer<LiveSession, EndReason> onEnded) {
    super(legs, loop, onEnded);
    this.a = a;
    this.b = b;
    this.toA = new BridgeDirection(this, b, a);
    this.toB = new BridgeDirection(this, a, b);
  }

  @Override
  public void start() {
    a.attach(this, toB, toA);
    b.attach(this, toA, toB);
    loop().execute(() -> loop().wheel().schedule(this, nextCheck(now())));
  }

  /** A leg is attached; once both are, they may give. */
  void onAttached() {
    if (unattached.decrementAndGet() == 0) {
      a.more();
      b.more();
    }
  }

  @Override
  protected SessionDirection toA() {
    return toA;
  }

  @Override
  protected SessionDirection toB() {
    return toB;
  }

  @Override
  public boolean isEnded() {
    return isEnded.get();
  }

  long now() {
    return loop().context().now();
  }

  @Override
  protected synchronized void onRelayed(int bytes, long now) {
    super.onRelayed(bytes, now);
    if (legs().isCountedHere()) {
      loop().context().counters().count(Event.RELAY_BYTES, bytes);
      if (legs().isOverBackhaul()) {
        loop().context().counters().count(Event.BACKHAUL_BYTES, bytes);
      }
    }
  }

  void onDirectionOver() {
    if (isFinished()) {
      end(EndReason.FINISHED);
    }
  }

  @Override
  public void end(EndReason reason) {
    if (isEnded.compareAndSet(false, true)) {
      loop().execute(() -> loop().wheel().cancel(this));
      onEnded(reason);
      legs().a().close(reason);
      legs().b().close(reason);
    }
  }

  @Override
  protected void onDeadline(long now) {
    if (toA.isHeldBack() || toB.isHeldBack()) {
      touch(now); // it is the caps that make it wait
    }
    super.onDeadline(now);
  }

  @Override
  protected long nextCheck(long now) {
    return now + CHECK;
  }
}
