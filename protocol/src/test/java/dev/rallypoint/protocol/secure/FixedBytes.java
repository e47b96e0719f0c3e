package dev.rallypoint.protocol.secure;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** A source that draws the bytes it was given, 32 of each value, so that keys are the vectors'. */
final class FixedBytes implements RandomGenerator {
  private final ByteBuffer bytes;

  private FixedBytes(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  static FixedBytes keysOf(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(32 * values.length);
    for (int value : values) {
      byte[] key = new byte[32];
      Arrays.fill(key, (byte) value);
      bytes.put(key);
    }
    return new FixedBytes(bytes.flip());
  }

  @Override
  public void nextBytes(byte[] target) {
    bytes.get(target);
  }

  @Override
  public long nextLong() {
    return bytes.getLong();
  }
}
