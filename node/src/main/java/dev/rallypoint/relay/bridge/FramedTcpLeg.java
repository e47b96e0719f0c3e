package dev.rallypoint.relay.bridge;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.policy.SessionRules;
import dev.rallypoint.protocol.frame.FrameDecoder;
import dev.rallypoint.protocol.frame.FrameException;
import dev.rallypoint.protocol.frame.FrameHeader;
import dev.rallypoint.relay.handshake.AwaitingPartner;
import dev.rallypoint.relay.loop.LegPhase;
import dev.rallypoint.relay.loop.TcpLeg;
import dev.rallypoint.relay.session.EndReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A TCP leg in a bridged session: its bytes are cut into frames, and frames are put around what its
 * partner sends. It reads no further while its partner has something to write, and holds what it
 * gave against its share of the memory until that is written.
 */
public final class FramedTcpLeg implements LegPhase, MessageLeg {
  private static final Logger LOG = LoggerFactory.getLogger(FramedTcpLeg.class);

  private final TcpLeg leg;
  private final FrameDecoder decoder = new FrameDecoder(WebSocketLeg.MAX_MESSAGE);
  private final ArrayDeque<ByteBuffer> queue = new ArrayDeque<>();
  private @Nullable BridgedSession session;
  private @Nullable BridgeDirection outgoing;
  private @Nullable BridgeDirection incoming;
  private int given;
  private boolean mayGive;
  private boolean isInputOver;
  private boolean isTaking;
  private boolean isFinishing;
  private boolean isOutputLost;

  /** The messages of a leg that waits for its partner. */
  public FramedTcpLeg(TcpLeg leg) {
    this.leg = leg;
  }

  @Override
  public void attach(BridgedSession joined, BridgeDirection out, BridgeDirection in) {
    leg.execute(here -> {
      if (here.isClosed() || !(here.phase() instanceof AwaitingPartner waiting)) {
        joined.end(EndReason.GONE);
        return;
      }
      session = joined;
      outgoing = out;
      incoming = in;
      decoder.feed(ByteBuffer.wrap(waiting.early()));
      here.enter(this);
      here.want(false, false);
      account();
      joined.onAttached();
    });
  }

  @Override
  public void more() {
    leg.execute(here -> {
      if (here.isClosed()) {
        return;
      }
      mayGive = true;
      given = 0;
      gather();
      refreshInterests();
    });
  }

  @Override
  public void take(List<ByteString> messages) {
    leg.execute(here -> {
      isTaking = true;
      if (!isOutputLost) {
        for (ByteString message : messages) {
          byte[] header = new byte[FrameHeader.size(message.size())];
          FrameHeader.write(message.size(), header, 0);
          queue.add(ByteBuffer.wrap(header));
          queue.add(message.asByteBuffer());
        }
      }
      write();
    });
  }

  @Override
  public void finish() {
    leg.execute(here -> {
      isFinishing = true;
      write();
    });
  }

  @Override
  public void onReadable(TcpLeg here, long now) {
    ByteBuffer scratch = here.loop().scratch();
    int read;
    try {
      read = here.channel().read(scratch);
    } catch (IOException e) {
      session().end(EndReason.RESET);
      return;
    }
    BridgeDirection direction = outgoing;
    if (read > 0 && direction != null) {
      direction.onPiece();
      decoder.feed(scratch.flip());
      gather();
    } else if (read < 0 && direction != null) {
      isInputOver = true;
      if (decoder.isMidFrame() && direction.state() == SessionRules.DirectionState.OPEN) {
        session().end(EndReason.RESET);
      } else {
        direction.finish();
      }
    }
    refreshInterests();
  }

  @Override
  public void onWritable(TcpLeg here, long now) {
    write();
  }

  @Override
  public void onClose(TcpLeg here, EndReason reason) {
    session().end(reason);
    here.closeAfter(reason);
  }

  private void gather() {
    List<ByteString> frames = new ArrayList<>();
    int bytes = 0;
    try {
      for (byte[] frame = decoder.poll(); frame != null; frame = decoder.poll()) {
        frames.add(ByteString.fromArrayUnsafe(frame));
        bytes += frame.length;
      }
    } catch (FrameException e) {
      breakOff(DropReason.FRAME_TOO_LONG);
      return;
    }
    if (!frames.isEmpty()) {
      given = bytes;
    }
    if (account() && !frames.isEmpty() && outgoing != null) {
      mayGive = false;
      outgoing.give(frames, bytes);
    }
  }

  /** Charges what is held here or not written yet; ends the session when it is too much. */
  private boolean account() {
    boolean granted = leg.share().hold(decoder.heldBytes() + given);
    if (!granted) {
      breakOff(DropReason.FRAME_MEMORY);
    }
    return granted;
  }

  private void breakOff(DropReason reason) {
    leg.loop().context().counters().dropped(reason, leg.address());
    session().end(EndReason.RESET);
  }

  private void write() {
    BridgeDirection direction = incoming;
    if (direction == null || leg.isClosed()) {
      return;
    }
    try {
      while (!queue.isEmpty()) {
        int written = leg.channel().write(gathered());
        if (written == 0) {
          break;
        }
        consume(written);
        direction.onProgress();
      }
    } catch (IOException e) {
      queue.clear();
      isOutputLost = true;
      direction.onTargetLost(TcpLeg.isReset(e));
    }
    if (queue.isEmpty()) {
      onWritten(direction);
    }
    refreshInterests();
  }

  /** What fits the loop's buffer: Java would copy all there is, into memory outside the heap. */
  private ByteBuffer gathered() {
    ByteBuffer piece = leg.loop().scratch();
    for (ByteBuffer next : queue) {
      if (!piece.hasRemaining()) {
        break;
      }
      int length = Math.min(piece.remaining(), next.remaining());
      piece.put(next.slice(next.position(), length));
    }
    return piece.flip();
  }

  private void consume(int written) {
    for (int left = written; left > 0; ) {
      ByteBuffer first = queue.element();
      int length = Math.min(left, first.remaining());
      first.position(first.position() + length);
      left -= length;
      removeWritten();
    }
    removeWritten();
  }

  private void removeWritten() {
    while (!queue.isEmpty() && !queue.element().hasRemaining()) {
      queue.remove();
    }
  }

  private void onWritten(BridgeDirection direction) {
    if (isTaking) {
      isTaking = false;
      direction.onTaken();
    }
    if (isFinishing) {
      isFinishing = false;
      try {
        leg.channel().shutdownOutput();
      } catch (IOException e) {
        LOG.debug("{}: ending its stream", leg, e); // gone already
      }
      direction.onFinished();
    }
  }

  private void refreshInterests() {
    leg.want(mayGive && !isInputOver, !queue.isEmpty());
  }

  private BridgedSession session() {
    if (session == null) {
      throw new IllegalStateException("a leg is attached before it is in this phase");
    }
    return session;
  }
}
