package dev.rallypoint.relay.splice;

import dev.rallypoint.relay.handshake.AwaitingPartner;
import dev.rallypoint.relay.loop.LegPair;
import dev.rallypoint.relay.loop.LegPhase;
import dev.rallypoint.relay.loop.LiveSession;
import dev.rallypoint.relay.loop.RelayLoop;
import dev.rallypoint.relay.loop.TcpLeg;
import dev.rallypoint.relay.session.EndReason;
import java.io.IOException;
import java.util.function.BiConsumer;

/**
 * A session of two TCP legs on one loop. A half-closed connection stays half-closed on the other
 * side. It belongs to its loop's thread, except where a method says otherwise.
 */
public final class SplicedSession extends LiveSession implements LegPhase {
  private final TcpLeg a;
  private final TcpLeg b;
  private final SpliceDirection toA;
  private final SpliceDirection toB;
  private boolean hasBegun;
  private boolean isEnded;

  /** Of two legs, of which {@code a} is the controlling side's. */
  public SplicedSession(
      LegPair legs,
      TcpLeg a,
      TcpLeg b,
      RelayLoop loop,
      BiConsumer<LiveSession, EndReason> onEnded) {
    super(legs, loop, onEnded);
    this.a = a;
    this.b = b;
    this.toA = new SpliceDirection(this, b, a);
    this.toB = new SpliceDirection(this, a, b);
  }

  /** {@inheritDoc} Moves both legs to the session's loop first. */
  @Override
  public void start() {
    loop().sessions().incrementAndGet();
    a.execute(first -> {
      first.moveTo(loop());
      b.execute(second -> {
        second.moveTo(loop());
        loop().execute(() -> loop().guarded(this::begin, () -> endHere(EndReason.RESET)));
      });
    });
  }

  private void begin() {
    long now = loop().context().now();
    hasBegun = true;
    if (loop().isStopping() || a.isClosed() || b.isClosed()) {
      endHere(loop().isStopping() ? EndReason.STOPPED : EndReason.GONE);
      return;
    }
    byte[] earlyOfA = early(a);
    byte[] earlyOfB = early(b);
    try {
      a.register();
      b.register();
    } catch (IOException e) {
      endHere(EndReason.GONE);
      return;
    }
    a.enter(this);
    b.enter(this);
    toB.begin(earlyOfA, now);
    toA.begin(earlyOfB, now);
    if (!isEnded) {
      refreshInterests();
      loop().wheel().schedule(this, nextCheck(now));
    }
  }

  private static byte[] early(TcpLeg leg) {
    return leg.phase() instanceof AwaitingPartner waiting ? waiting.early() : new byte[0];
  }

  @Override
  protected SpliceDirection toA() {
    return toA;
  }

  @Override
  protected SpliceDirection toB() {
    return toB;
  }

  @Override
  public boolean isEnded() {
    return isEnded;
  }

  @Override
  public void onReadable(TcpLeg leg, long now) {
    (leg == a ? toB : toA).pump(now, true);
    refreshInterests();
  }

  @Override
  public void onWritable(TcpLeg leg, long now) {
    (leg == a ? toA : toB).onWritable(now);
    refreshInterests();
  }

  @Override
  public void onClose(TcpLeg leg, EndReason reason) {
    endHere(reason);
  }

  @Override
  protected void onRelayed(int bytes, long now) {
    super.onRelayed(bytes, now);
    if (legs().isCountedHere()) {
      loop().onRelayed(bytes, legs().isOverBackhaul());
    }
  }

  /** A direction's target does not take its bytes. */
  void onBlocked(long now) {
    loop().wheel().schedule(this, now + writeLimit());
  }

  /** A direction's source has no more bytes. */
  void onSourceEnd(SpliceDirection direction, long now) {
    if (isSourceReset(direction)) {
      endHere(EndReason.RESET);
    } else {
      direction.finish(now);
    }
  }

  /** A direction is over or has lost its target: the idle limit may be shorter than before. */
  void onStateChanged(long now) {
    loop().wheel().schedule(this, now + idleLimit());
  }

  void refreshInterests() {
    if (isEnded) {
      return;
    }
    if (isFinished()) {
      endHere(EndReason.FINISHED);
      return;
    }
    a.want(toB.wantsToRead(), toA.wantsToWrite());
    b.want(toA.wantsToRead(), toB.wantsToWrite());
  }

  /** {@inheritDoc} One whose legs are still on their way to its loop is passed over. */
  @Override
  public void end(EndReason reason) {
    loop()
        .execute(() -> {
          if (hasBegun) {
            endHere(reason);
          }
        });
  }

  /** Ends the session, once; on its loop. */
  void endHere(EndReason reason) {
    if (isEnded) {
      return;
    }
    isEnded = true;
    loop().wheel().cancel(this);
    toA.close();
    toB.close();
    loop().sessions().decrementAndGet();
    onEnded(reason);
    a.closeAfter(reason);
    b.closeAfter(reason);
  }
}
