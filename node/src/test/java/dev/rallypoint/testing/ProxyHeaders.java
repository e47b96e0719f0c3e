package dev.rallypoint.testing;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Headers of the PROXY protocol as proxies write them. */
public final class ProxyHeaders {
  private static final byte[] SIGNATURE = {
    0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A
  };

  private ProxyHeaders() {}

  /** A line of version 1. */
  public static byte[] v1(String words) {
    return ("PROXY " + words + "\r\n").getBytes(StandardCharsets.US_ASCII);
  }

  /** A version 2 header for a TCP client, with extensions of so many bytes in all. */
  public static byte[] v2(String ip, int port, int extensions) {
    byte[] source = InetAddress.ofLiteral(ip).getAddress();
    int family = source.length == 4 ? 0x11 : 0x21;
    ByteBuffer addresses = ByteBuffer.allocate(2 * source.length + 4 + extensions);
    addresses.put(source).put(source).putShort((short) port).putShort((short) 21116);
    if (extensions > 0) {
      // One of kind "no operation", as long as it is asked for.
      addresses.put((byte) 0x04).putShort((short) (extensions - 3));
    }
    return v2(0x21, family, addresses.array());
  }

  /** Any version 2 header. */
  public static byte[] v2(int versionAndCommand, int family, byte[] behind) {
    return ByteBuffer.allocate(16 + behind.length)
        .put(SIGNATURE)
        .put((byte) versionAndCommand)
        .put((byte) family)
        .putShort((short) behind.length)
        .put(behind)
        .array();
  }
}
