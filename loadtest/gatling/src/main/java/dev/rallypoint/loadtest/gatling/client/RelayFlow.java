package dev.rallypoint.loadtest.gatling.client;

import dev.rallypoint.loadtest.gatling.link.Failure;
import dev.rallypoint.loadtest.gatling.link.Reason;
import dev.rallypoint.protocol.frame.FrameEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Chunks of 64 KiB through a relayed session over TCP, each offered when its time has come and not
 * when the session takes it: what waits for the session is counted in a chunk's time. At most
 * {@link #MOST_WAITING} chunks are on their way. Used on the event loop of its user only.
 */
public final class RelayFlow implements RelaySession.Traffic {
  /** 4 MiB. */
  public static final int MOST_WAITING = 64;

  private static final int CHUNK = 64 * 1024;

  private final RelaySession session;
  private final ByteBuf framed;
  private final Queue<Chunk> onTheirWay = new ArrayDeque<>();
  private int unsent;
  private long bytes;
  private boolean isEnded;

  /** Told once what became of a chunk. */
  public interface Chunk {
    /** Its last byte is at the other end. */
    void arrived();

    /** It will not arrive. */
    void lost(Failure failure);
  }

  /** A flow through a session that is paired and that nothing else uses. */
  public RelayFlow(RelaySession session) {
    byte[] chunk = FrameEncoder.encode(new byte[CHUNK]);
    this.session = session;
    this.framed = Unpooled.directBuffer(chunk.length).writeBytes(chunk);
    session.use(this);
    session.receiver().countBytes();
  }

  /** Sends a chunk as soon as the session takes it. */
  public void offer(Chunk chunk) {
    if (isEnded) {
      chunk.lost(Failure.of(Reason.CLOSED));
    } else if (onTheirWay.size() >= MOST_WAITING) {
      chunk.lost(Failure.of(Reason.NO_ANSWER));
    } else {
      onTheirWay.add(chunk);
      unsent++;
      writable();
    }
  }

  @Override
  public void writable() {
    if (unsent == 0 || !session.sender().isWritable()) {
      return;
    }
    while (unsent > 0 && session.sender().isWritable()) {
      session.sender().write(framed.retainedDuplicate());
      unsent--;
    }
    session.sender().flush();
  }

  @Override
  public void bytes(int count) {
    bytes += count;
    while (bytes >= framed.readableBytes()) {
      bytes -= framed.readableBytes();
      Chunk chunk = onTheirWay.poll();
      if (chunk != null) {
        chunk.arrived();
      }
    }
  }

  @Override
  public void message(byte[] payload) {
    throw new IllegalStateException("bytes are counted");
  }

  @Override
  public void failed(Failure failure) {
    if (isEnded) {
      return;
    }
    isEnded = true;
    session.use(null);
    session.close();
    for (Chunk chunk = onTheirWay.poll(); chunk != null; chunk = onTheirWay.poll()) {
      chunk.lost(failure);
    }
    framed.release();
  }

  /** Ends the session; what is on its way is lost. */
  public void close() {
    failed(Failure.of(Reason.ABANDONED));
  }
}
