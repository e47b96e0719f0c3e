package dev.rallypoint.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.testing.FrameClient;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Random;

/** Ten megabytes of random frames, said and heard; each side tells their SHA-256. */
final class Torrent {
  private static final int FRAMES = 160;
  private static final int FRAME = 64 * 1024;

  /** What goes through. */
  static final int MEGABYTES = FRAMES * FRAME >> 20;

  private Torrent() {}

  static String pour(FrameClient client, long seed) {
    Random random = new Random(seed);
    MessageDigest digest = sha256();
    for (int i = 0; i < FRAMES; i++) {
      byte[] frame = new byte[FRAME];
      random.nextBytes(frame);
      digest.update(frame);
      client.sendFrame(frame);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  static String drink(FrameClient client) {
    MessageDigest digest = sha256();
    for (int i = 0; i < FRAMES; i++) {
      byte[] frame = Objects.requireNonNull(client.receiveFrame());
      assertThat(frame).hasSize(FRAME);
      digest.update(frame);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
