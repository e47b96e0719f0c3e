package dev.rallypoint.relay.bridge;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.policy.SessionRules;
import dev.rallypoint.protocol.frame.FrameDecoder;
import dev.rallypoint.protocol.frame.FrameException;
import dev.rallypoint.relay.handshake.AwaitingPartner;
import dev.rallypoint.relay.loop.LegPhase;
import dev.rallypoint.relay.loop.TcpLeg;
import dev.rallypoint.relay.session.EndReason;
import java.io.IOException;
import java.nio.ByteBuffer;
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

  /** The longest batch that its giver writes, in bytes: a longer one would keep others waiting. */
  private static final int MOST_AT_ONCE = 64 * 1024;

  private final TcpLeg leg;
  private final FrameDecoder decoder = new FrameDecoder(WebSocketLeg.MAX_MESSAGE);
  private final FrameQueue queue = new FrameQueue();
  private @Nullable BridgedSession session;
  private @Nullable BridgeDirection outgoing;
  private @Nullable BridgeDirection incoming;
  private int given;
  private boolean mayGive;

  /** Whether bytes have come before they may be given: they stay in the kernel. */
  private boolean isUnread;

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
      isUnread = false;
      given = 0;
      gather();
      refreshInterests();
    });
  }

  /**
   * {@inheritDoc} A short batch is written by the thread that gives it, because waking the loop
   * takes longer than the write. Until a batch is reported as written the loop does not write, so
   * the two never do it at one time.
   */
  @Override
  public void take(List<ByteString> messages) {
    BridgeDirection direction = incoming;
    if (direction == null || isOutputLost || FrameQueue.bytesOf(messages) > MOST_AT_ONCE) {
      leg.execute(here -> queue(messages));
      return;
    }
    ByteBuffer framed = FrameQueue.framed(messages);
    try {
      leg.channel().write(framed);
    } catch (IOException e) {
      leg.execute(here -> onOutputFailed(e));
      return;
    }
    if (framed.hasRemaining()) {
      leg.execute(here -> {
        isTaking = true;
        queue.add(framed);
        direction.onProgress();
        write();
      });
    } else {
      direction.onTaken();
    }
  }

  private void queue(List<ByteString> messages) {
    isTaking = true;
    if (!isOutputLost) {
      queue.add(messages);
    }
    write();
  }

  private void onOutputFailed(IOException why) {
    BridgeDirection direction = incoming;
    if (direction != null && !leg.isClosed()) {
      isOutputLost = true;
      direction.onTargetLost(TcpLeg.isReset(why));
      direction.onTaken();
      refreshInterests();
    }
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
    if (!mayGive) {
      isUnread = true;
      refreshInterests();
      return;
    }
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
        if (queue.write(leg.channel(), leg.loop().scratch()) == 0) {
          break;
        }
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
    leg.want(!isUnread && !isInputOver, !queue.isEmpty());
  }

  private BridgedSession session() {
    if (session == null) {
      throw new IllegalStateException("a leg is attached before it is in this phase");
    }
    return session;
  }
}
