package dev.rallypoint.protocol.address;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * An ip address and port, normalised once: an IPv4-mapped ({@code ::ffff:a.b.c.d}) or
 * IPv4-compatible ({@code ::a.b.c.d}, but not {@code ::1}) address is the IPv4 address, so that one
 * host compares equal however its socket saw it. Port 0 means "absent" to the client. An IPv6 zone
 * ("%eth0") is not kept: the wire has no place for it.
 *
 * @param high the first 8 bytes of the 16-byte address
 * @param low the last 8 bytes; an IPv4 address is held in its mapped form
 * @param port 0 to 65535
 */
public record PeerAddress(long high, long low, int port) {
  private static final long V4_PREFIX = 0x0000_FFFF_0000_0000L;

  /** No address at all: 0.0.0.0:0. */
  public static final PeerAddress ABSENT = new PeerAddress(0, V4_PREFIX, 0);

  public PeerAddress {
    if (port < 0 || port > 0xFFFF) {
      throw new IllegalArgumentException("no such port: " + port);
    }
    if (high == 0 && (low >>> 32) == 0 && low != 1) {
      low |= V4_PREFIX;
    }
  }

  /** The address of a resolved socket address. */
  public static PeerAddress of(InetSocketAddress address) {
    return of(address.getAddress(), address.getPort());
  }

  /** An ip and a port. */
  public static PeerAddress of(InetAddress ip, int port) {
    return of(ip.getAddress(), port);
  }

  /** The 4 or 16 bytes of an ip in network order, and a port. */
  public static PeerAddress of(byte[] ip, int port) {
    ByteBuffer bytes = ByteBuffer.wrap(ip);
    return switch (ip.length) {
      case 4 -> v4(bytes.getInt(), port);
      case 16 -> new PeerAddress(bytes.getLong(), bytes.getLong(), port);
      default -> throw new IllegalArgumentException("an ip of " + ip.length + " bytes");
    };
  }

  /** An IPv4 address given as its four octets in network order, the first one highest. */
  public static PeerAddress v4(int octets, int port) {
    return new PeerAddress(0, V4_PREFIX | (octets & 0xFFFF_FFFFL), port);
  }

  /** Whether this is an IPv4 address. */
  public boolean isV4() {
    return high == 0 && (low >>> 32) == 0xFFFF;
  }

  /** The IPv4 octets as one number, the first octet highest; only where {@link #isV4()}. */
  public int octets() {
    return (int) low;
  }

  /** Whether two addresses are of the same host, whatever their ports. */
  public boolean isSameHost(PeerAddress other) {
    return high == other.high && low == other.low;
  }

  /** Whether this is 127.0.0.0/8 or ::1. */
  public boolean isLoopback() {
    return isV4() ? (low >>> 24 & 0xFF) == 127 : high == 0 && low == 1;
  }

  /**
   * Whether a datagram may be sent here: a port and a unicast host. Linux delivers datagrams with
   * source port 0, and a send to port 0, broadcast or "any" fails or reaches other hosts.
   */
  public boolean isSendable() {
    return port != 0 && !isUnspecified() && !isMulticastOrBroadcast();
  }

  private boolean isUnspecified() {
    return high == 0 && (low == V4_PREFIX || low == 0);
  }

  private boolean isMulticastOrBroadcast() {
    return isV4() ? (octets() >>> 28) >= 0xE : (high >>> 56) == 0xFF;
  }

  /** The same host with another port. */
  public PeerAddress withPort(int newPort) {
    return new PeerAddress(high, low, newPort);
  }

  /** The host alone, as the same value for every port: a key for counting by host. */
  public PeerAddress host() {
    return port == 0 ? this : withPort(0);
  }

  /**
   * What one customer is given, as a key for limits and comparisons by host: the IPv4 address, or
   * the lowest address of the IPv6 /64, with port 0. A device may change its address within its /64
   * at any time.
   */
  public PeerAddress network() {
    return isV4() || isLoopback() ? host() : new PeerAddress(high, 0, 0);
  }

  /** 4 bytes for IPv4, else 16, in network order. */
  public byte[] ipBytes() {
    return isV4()
        ? ByteBuffer.allocate(4).putInt(octets()).array()
        : ByteBuffer.allocate(16).putLong(high).putLong(low).array();
  }

  /** The ip in the JDK's text form: {@code 203.0.113.7} or {@code 2001:db8:0:0:0:0:0:1}. */
  public String ip() {
    return inetAddress().getHostAddress();
  }

  /** For the JDK's sockets. */
  public InetSocketAddress toSocketAddress() {
    return new InetSocketAddress(inetAddress(), port);
  }

  private InetAddress inetAddress() {
    try {
      return InetAddress.getByAddress(ipBytes());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 and 16 bytes are always an ip", e);
    }
  }

  /**
   * {@code 203.0.113.7:54321} or {@code [2001:db8:0:0:0:0:0:1]:80}, the form used in logs; zeros of
   * IPv6 are not shortened.
   */
  @Override
  public String toString() {
    return isV4() ? ip() + ":" + port : "[" + ip() + "]:" + port;
  }
}
