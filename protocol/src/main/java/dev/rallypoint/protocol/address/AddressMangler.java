package dev.rallypoint.protocol.address;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The obfuscated form of an address inside messages ({@code socket_addr}, {@code local_addr}).
 *
 * <pre>
 *   IPv4: v = (ip + t) &lt;&lt; 49 | t &lt;&lt; 17 | (port + (t AND 0xFFFF)), 128 bits, little-endian,
 *         trailing zero bytes removed; ip is the octets with the first one lowest,
 *         t the low 32 bits of the clock in microseconds
 *   IPv6: 16 address bytes, then the port in 2 bytes little-endian
 * </pre>
 *
 * A target decodes and encodes again with its own t, so addresses are compared decoded.
 */
public final class AddressMangler {
  private static final int V6_LENGTH = 18;
  private static final int V4_MAX_LENGTH = 16;
  private static final long MASK_32 = 0xFFFF_FFFFL;

  private AddressMangler() {}

  /**
   * Encodes an address: at most 11 bytes for IPv4, 18 for IPv6.
   *
   * @param micros the time in microseconds since the epoch; only its low 32 bits count
   */
  public static ByteString encode(PeerAddress address, long micros) {
    if (!address.isV4()) {
      ByteBuffer out = ByteBuffer.allocate(V6_LENGTH).put(address.ipBytes());
      out.order(ByteOrder.LITTLE_ENDIAN).putShort((short) address.port());
      return ByteString.copyFrom(out.array());
    }
    long t = micros & MASK_32;
    long sum = (Integer.reverseBytes(address.octets()) & MASK_32) + t;
    long low = sum << 49 | t << 17 | (address.port() + (t & 0xFFFF));
    long high = sum >>> 15;
    byte[] bytes =
        ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(low).putLong(high).array();
    int length = bytes.length;
    while (length > 0 && bytes[length - 1] == 0) {
      length--;
    }
    return ByteString.copyFrom(bytes, 0, length);
  }

  /**
   * Decodes any bytes without fail: what cannot be an address gives {@link PeerAddress#ABSENT} or a
   * meaningless one, never an exception, because these bytes come from untrusted senders.
   */
  public static PeerAddress decode(ByteString mangled) {
    int size = mangled.size();
    if (size > V4_MAX_LENGTH) {
      return size == V6_LENGTH ? decodeV6(mangled) : PeerAddress.ABSENT;
    }
    byte[] padded = new byte[16];
    mangled.copyTo(padded, 0);
    ByteBuffer in = ByteBuffer.wrap(padded).order(ByteOrder.LITTLE_ENDIAN);
    long low = in.getLong();
    long high = in.getLong();
    long t = low >>> 17 & MASK_32;
    int ip = (int) ((low >>> 49 | high << 15) - t);
    int port = (int) ((low & 0xFF_FFFF) - (t & 0xFFFF)) & 0xFFFF;
    return PeerAddress.v4(Integer.reverseBytes(ip), port);
  }

  private static PeerAddress decodeV6(ByteString mangled) {
    int port = mangled.byteAt(16) & 0xFF | (mangled.byteAt(17) & 0xFF) << 8;
    return PeerAddress.of(mangled.substring(0, 16).toByteArray(), port);
  }
}
