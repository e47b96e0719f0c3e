package dev.rallypoint.relay.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.protocol.frame.FrameEncoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

/** How messages become frames of TCP. */
class FrameQueueTest {
  private static final byte[] LONG = new byte[1000];

  private final FrameQueue queue = new FrameQueue();
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  private static List<ByteString> messages() {
    return List.of(
        ByteString.fromString("one"), ByteString.emptyByteString(), ByteString.fromArray(LONG));
  }

  private static byte[] frames() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(FrameEncoder.encode(new byte[] {'o', 'n', 'e'}));
    all.writeBytes(FrameEncoder.encode(new byte[0]));
    all.writeBytes(FrameEncoder.encode(LONG));
    return all.toByteArray();
  }

  /** A channel that takes so many bytes at once. */
  private WritableByteChannel taking(int most) {
    return new WritableByteChannel() {
      @Override
      public int write(ByteBuffer bytes) {
        byte[] piece = new byte[Math.min(most, bytes.remaining())];
        bytes.get(piece);
        written.writeBytes(piece);
        return piece.length;
      }

      @Override
      public boolean isOpen() {
        return true;
      }

      @Override
      public void close() {}
    };
  }

  @Test
  void aBatchIsOneBufferOfItsFrames() {
    ByteBuffer framed = FrameQueue.framed(messages());

    assertThat(framed).isEqualTo(ByteBuffer.wrap(frames()));
    assertThat(FrameQueue.bytesOf(messages())).isEqualTo(frames().length);
  }

  @Test
  void aSlowChannelGetsAllFramesInTheirOrder() throws IOException {
    queue.add(messages());
    queue.add(FrameQueue.framed(List.of(ByteString.fromString("last"))));

    while (!queue.isEmpty()) {
      queue.write(taking(7), ByteBuffer.allocate(11));
    }

    byte[] all = written.toByteArray();
    assertThat(ByteBuffer.wrap(all, 0, frames().length)).isEqualTo(ByteBuffer.wrap(frames()));
    assertThat(all).endsWith(FrameEncoder.encode(new byte[] {'l', 'a', 's', 't'}));
  }

  @Test
  void aFullChannelLeavesTheRestInTheQueue() throws IOException {
    queue.add(messages());

    int taken = queue.write(taking(0), ByteBuffer.allocate(64));

    assertThat(taken).isZero();
    assertThat(queue.isEmpty()).isFalse();
  }
}
