package dev.rallypoint.loadtest.gatling.client;

import dev.rallypoint.loadtest.gatling.link.Failure;
import dev.rallypoint.loadtest.gatling.link.Reason;
import dev.rallypoint.loadtest.gatling.link.Way;
import dev.rallypoint.protocol.frame.FrameEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;

/** Sends bytes through a session as fast as it takes them, and tells each MiB that has arrived. */
public final class RelayTransfer implements RelaySession.Traffic {
  private static final int CHUNK = 64 * 1024;
  private static final int CHUNKS_A_MEBIBYTE = 16;

  /** Told how far a transfer is. */
  public interface Listener {
    /** A MiB has arrived. */
    void mebibyte(long startNanos);

    /** All has arrived. */
    void done();

    /** The session ended, or nothing arrived for the time limit. */
    void failed(Failure failure);
  }

  private final RelaySession session;
  private final Duration stall;
  private final Listener listener;
  private final ByteBuf chunk;
  private final long chunks;
  private final long bytesAMebibyte;
  private long sent;
  private long arrived;
  private long mebibytes;
  private long mebibyteStart = System.nanoTime();
  private long progressAt = mebibyteStart;
  private boolean isEnded;

  private RelayTransfer(RelaySession session, int total, Duration stall, Listener listener) {
    this.session = session;
    this.stall = stall;
    this.listener = listener;
    this.chunks = (long) total * CHUNKS_A_MEBIBYTE;
    byte[] payload = new byte[CHUNK];
    byte[] framed = session.sender().way() == Way.TCP ? FrameEncoder.encode(payload) : payload;
    this.chunk = Unpooled.directBuffer(framed.length).writeBytes(framed);
    this.bytesAMebibyte = (long) framed.length * CHUNKS_A_MEBIBYTE;
  }

  /**
   * Begins a transfer.
   *
   * @param mebibytes how many MiB
   * @param stall how long nothing may arrive
   */
  public static void start(RelaySession session, int mebibytes, Duration stall, Listener listener) {
    RelayTransfer transfer = new RelayTransfer(session, mebibytes, stall, listener);
    session.use(transfer);
    session.receiver().countBytes();
    transfer.watch();
    transfer.writable();
  }

  private void watch() {
    session
        .user()
        .runtime()
        .timer(session.user().loop())
        .after(
            stall,
            () -> {
              if (isEnded) {
                return;
              }
              if (System.nanoTime() - progressAt >= stall.toNanos()) {
                failed(Failure.of(Reason.NO_ANSWER));
              } else {
                watch();
              }
            });
  }

  @Override
  public void writable() {
    boolean wrote = false;
    while (sent < chunks && session.sender().isWritable()) {
      session.sender().write(chunk.retainedDuplicate());
      sent++;
      wrote = true;
    }
    if (wrote) {
      session.sender().flush();
    }
  }

  @Override
  public void bytes(int count) {
    arrived += count;
    progressAt = System.nanoTime();
    while (!isEnded && arrived >= (mebibytes + 1) * bytesAMebibyte) {
      mebibytes++;
      listener.mebibyte(mebibyteStart);
      mebibyteStart = progressAt;
      if (mebibytes * CHUNKS_A_MEBIBYTE >= chunks) {
        end();
        session.receiver().readMessages();
        listener.done();
      }
    }
  }

  @Override
  public void message(byte[] payload) {
    throw new IllegalStateException("bytes are counted");
  }

  @Override
  public void failed(Failure failure) {
    if (!isEnded) {
      end();
      session.close();
      listener.failed(failure);
    }
  }

  private void end() {
    isEnded = true;
    session.use(null);
    chunk.release();
  }
}
