package dev.rallypoint.transport;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.frame.FrameException;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * What one connection has sent and its handler has not got: the bytes of frames that are not whole
 * are charged to the memory of all connections, and each frame is counted against the connection's
 * pace. Bytes read that complete no frame count as a frame, for they are as much work. Not safe for
 * several threads.
 */
final class FrameInput {
  private final Framing framing;
  private final FrameMemory memory;
  private final FramePacing.Meter meter;
  private int charged;
  private boolean isReadUncounted;

  /** Of a connection that shares memory and pace with the others of its ports. */
  FrameInput(Framing framing, PortPolicies ports, Supplier<@Nullable PeerAddress> client) {
    this.framing = framing;
    this.memory = ports.memory();
    this.meter = ports.pacing().meter(client);
  }

  /** The connection is to be closed, for a reason that is to be counted. */
  static final class Refused extends Exception {
    private final DropReason reason;

    Refused(DropReason reason) {
      super(reason.label(), null, false, false);
      this.reason = reason;
    }

    DropReason reason() {
      return reason;
    }
  }

  /** Takes bytes that were read. */
  void feed(ByteString bytes) {
    framing.feed(bytes);
    isReadUncounted = framing.isPaced();
  }

  /** The next payload, or null when bytes are needed first. */
  byte @Nullable [] poll() throws Refused {
    byte[] payload;
    try {
      payload = framing.poll();
    } catch (FrameException e) {
      throw new Refused(DropReason.FRAME_TOO_LONG);
    }
    int held = framing.heldBytes();
    if (!memory.change(held - charged)) {
      throw new Refused(DropReason.FRAME_MEMORY);
    }
    charged = held;
    if (isReadUncounted || payload != null && framing.isPaced()) {
      isReadUncounted = false;
      meter.take(1);
    }
    return payload;
  }

  /** Whether the connection is over its pace: it is not to be read, and nothing to be polled. */
  boolean isPaused() {
    return meter.isPaused();
  }

  /** How long a pause still lasts; zero, and it has ended, when it is over. */
  Duration pause() {
    return meter.resume() ? Duration.ZERO : meter.left();
  }

  /** The piece to send for a payload. */
  ByteString encode(byte[] payload) {
    return framing.encode(payload);
  }

  /** Sets the cap for the payloads that come from now on, in bytes. */
  void limit(int maxLength) {
    framing.limit(maxLength);
  }

  /** The connection is closed. */
  void close() {
    memory.change(-charged);
    charged = 0;
    meter.close();
  }
}
