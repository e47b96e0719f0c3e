package dev.rallypoint.relay.splice;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.frame.FrameDecoder;
import dev.rallypoint.protocol.frame.FrameException;
import dev.rallypoint.protocol.frame.FrameHeader;
import dev.rallypoint.relay.session.EndReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A TCP leg whose partner is a WebSocket: its bytes are cut into frames and frames are put around
 * what its partner sends. Reads no further while its partner has something to write, and holds what
 * it gave against its share of the memory until that is written.
 */
final class FramedTcpLeg implements LegPhase, MessageLeg {
  private static final int GATHERED = 64;

  private final Leg leg;
  private final FrameDecoder decoder = new FrameDecoder(WebSocketLeg.MAX_MESSAGE);
  private final ArrayDeque<ByteBuffer> queue = new ArrayDeque<>();
  private @Nullable BridgedSession bridge;
  private @Nullable BridgeDirection outgoing;
  private @Nullable BridgeDirection incoming;
  private int given;
  private boolean mayGive;
  private boolean isInputOver;
  private boolean isTaking;
  private boolean isFinishing;
  private boolean isOutputOver;

  FramedTcpLeg(Leg leg) {
    this.leg = leg;
  }

  @Override
  public void attach(BridgedSession joined, BridgeDirection out, BridgeDirection in) {
    leg.execute(here -> {
      bridge = joined;
      outgoing = out;
      incoming = in;
      if (here.isClosed() || !(here.phase() instanceof AwaitingPartner waiting)) {
        joined.end(EndReason.GONE);
        return;
      }
      here.loop().wheel().cancel(here);
      decoder.feed(ByteBuffer.wrap(waiting.early()));
      here.become(this);
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
      for (ByteString message : messages) {
        byte[] header = new byte[FrameHeader.size(message.size())];
        FrameHeader.write(message.size(), header, 0);
        queue.add(ByteBuffer.wrap(header));
        queue.add(message.asByteBuffer());
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
  public void end(EndReason reason) {
    leg.execute(here -> {
      switch (reason) {
        case RESET, STALLED, LOST -> here.reset();
        case FINISHED, IDLE, GONE, DRAINED, STOPPED -> here.close();
      }
    });
  }

  @Override
  public void onReadable(Leg here, long now) {
    ByteBuffer scratch = here.loop().scratch();
    int read;
    try {
      read = here.channel().read(scratch);
    } catch (IOException e) {
      bridge().end(EndReason.RESET);
      return;
    }
    if (read > 0) {
      bridge().touch(now); // a long frame over a slow line takes its time
      decoder.feed(scratch.flip());
      gather();
    } else if (read < 0) {
      isInputOver = true;
      if (decoder.isMidFrame()) {
        bridge().end(EndReason.RESET);
      } else if (outgoing != null) {
        outgoing.finish();
      }
    }
    refreshInterests();
  }

  @Override
  public void onWritable(Leg here, long now) {
    write();
  }

  /** The session's own deadlines count. */
  @Override
  public void onDeadline(Leg here, long now) {}

  @Override
  public void onAbandoned(Leg here, EndReason reason) {
    bridge().end(reason);
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
      bridge().engine().counters().dropped(DropReason.FRAME_TOO_LONG);
      bridge().end(EndReason.RESET);
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

  /** Keeps count of what is held here or on its way to be written; ends all when it is too much. */
  private boolean account() {
    boolean granted = leg.share().hold(decoder.heldBytes() + given);
    if (!granted) {
      bridge().engine().counters().dropped(DropReason.FRAME_MEMORY);
      bridge().end(EndReason.RESET);
    }
    return granted;
  }

  private void write() {
    BridgeDirection lane = incoming;
    if (lane == null || leg.isClosed() || isOutputOver) {
      return;
    }
    try {
      while (!queue.isEmpty()) {
        ByteBuffer[] some = queue.stream().limit(GATHERED).toArray(ByteBuffer[]::new);
        long written = leg.channel().write(some);
        while (!queue.isEmpty() && !queue.peek().hasRemaining()) {
          queue.remove();
        }
        if (written == 0) {
          break;
        }
        lane.onProgress();
      }
      if (queue.isEmpty()) {
        onWritten(lane);
      }
    } catch (IOException e) {
      // It takes nothing more, but what it sent before may still be on its way to its partner.
      queue.clear();
      isOutputOver = true;
      lane.onFinished();
    }
    refreshInterests();
  }

  private void onWritten(BridgeDirection lane) throws IOException {
    if (isTaking) {
      isTaking = false;
      lane.onTaken();
    }
    if (isFinishing) {
      isOutputOver = true;
      leg.channel().shutdownOutput();
      lane.onFinished();
    }
  }

  private void refreshInterests() {
    leg.want(mayGive && !isInputOver, !queue.isEmpty());
  }

  private BridgedSession bridge() {
    if (bridge == null) {
      throw new IllegalStateException("a leg is attached before it is in this phase");
    }
    return bridge;
  }
}
