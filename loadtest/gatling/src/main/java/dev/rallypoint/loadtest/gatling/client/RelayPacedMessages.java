package dev.rallypoint.loadtest.gatling.client;

import dev.rallypoint.loadtest.gatling.link.Failure;
import dev.rallypoint.loadtest.gatling.link.Reason;
import io.netty.util.concurrent.Future;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages of one size through a session at a fixed pace, as screen sharing does, and tells
 * the time that each needed from end to end, or there and back where the other end echoes.
 */
public final class RelayPacedMessages implements RelaySession.Traffic {
  /** The least size: the time of sending is in the message. */
  public static final int LEAST_SIZE = Long.BYTES;

  /** Told what became of the messages. */
  public interface Listener {
    /** A message has arrived. */
    void arrived(long sentNanos);

    /** A message has not arrived in time, or cannot arrive any more. */
    void lost(long sentNanos, Failure failure);

    /** All have been told. */
    void done();
  }

  private final RelaySession session;
  private final int size;
  private final long count;
  private final Duration grace;
  private final Listener listener;
  private @Nullable Future<?> ticks;
  private long sent;
  private long arrived;
  private long lastSentNanos = System.nanoTime();
  private boolean isEnded;

  private RelayPacedMessages(
      RelaySession session, int size, long count, Duration grace, Listener listener) {
    this.session = session;
    this.size = size;
    this.count = count;
    this.grace = grace;
    this.listener = listener;
  }

  /**
   * Begins to send.
   *
   * @param size bytes of a message, {@link #LEAST_SIZE} at least
   * @param every the time from one to the next
   * @param during how long
   * @param grace how long the last ones may take
   */
  public static void start(
      RelaySession session,
      int size,
      Duration every,
      Duration during,
      Duration grace,
      Listener listener) {
    long count = Math.max(1, during.toNanos() / every.toNanos());
    RelayPacedMessages messages =
        new RelayPacedMessages(session, Math.max(size, LEAST_SIZE), count, grace, listener);
    session.use(messages);
    messages.ticks =
        session
            .user()
            .loop()
            .scheduleAtFixedRate(messages::tick, 0, every.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** An exception must not end the ticks in silence. */
  private void tick() {
    try {
      sendNext();
    } catch (RuntimeException e) {
      session.user().runtime().generatorError(e);
      failed(Failure.of(Reason.GENERATOR_ERROR));
    }
  }

  private void sendNext() {
    if (isEnded || sent >= count) {
      return;
    }
    sent++;
    lastSentNanos = System.nanoTime();
    session.sender().send(ByteBuffer.allocate(size).putLong(lastSentNanos).array());
    if (sent == count) {
      stopTicks();
      session
          .user()
          .runtime()
          .timer(session.user().loop())
          .after(grace, () -> failed(Failure.of(Reason.NO_ANSWER)));
    }
  }

  private void stopTicks() {
    if (ticks != null) {
      ticks.cancel(false);
    }
  }

  @Override
  public void message(byte[] payload) {
    arrived++;
    listener.arrived(ByteBuffer.wrap(payload).getLong());
    if (arrived == count) {
      end();
    }
  }

  @Override
  public void bytes(int counted) {
    throw new IllegalStateException("messages are read");
  }

  @Override
  public void writable() {
    // the pace is not that of the connection
  }

  @Override
  public void failed(Failure failure) {
    if (!isEnded) {
      for (long lost = arrived; lost < sent; lost++) {
        listener.lost(lastSentNanos, failure);
      }
      if (sent < count) {
        listener.lost(lastSentNanos, failure); // those never sent are one failure
      }
      end();
    }
  }

  private void end() {
    isEnded = true;
    stopTicks();
    session.use(null);
    listener.done();
  }
}
