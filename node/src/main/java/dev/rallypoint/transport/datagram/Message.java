package dev.rallypoint.transport.datagram;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.rallypoint.protocol.address.PeerAddress;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Linux's {@code struct msghdr} of 64-bit systems for one datagram, with all that it points to: the
 * client's address, the payload, and one control message with the address of this machine ({@code
 * struct in6_pktinfo} or {@code in_pktinfo}). Not safe for several threads.
 */
final class Message implements DatagramView {
  /** The longest datagram in bytes. */
  static final int MOST = 65_536;

  private static final ValueLayout.OfShort PORT = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt OCTETS =
      JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong HALF =
      JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  // struct msghdr
  private static final long NAME_LENGTH = 8;
  private static final long IOV = 16;
  static final long IOV_COUNT = 24;
  private static final long CONTROL = 32;
  private static final long CONTROL_LENGTH = 40;
  private static final long FLAGS = 48;
  static final long HEADER_SIZE = 56;

  private static final long IOV_LENGTH = 8;
  private static final long IOV_SIZE = 16;

  // struct sockaddr_in and sockaddr_in6
  private static final short AF_INET = 2;
  private static final short AF_INET6 = 10;
  private static final long NAME_PORT = 2;
  private static final long NAME_OCTETS = 4;
  private static final long NAME_HIGH = 8;
  private static final long NAME_LOW = 16;
  private static final long NAME_SCOPE = 24;
  private static final int NAME_SIZE_V4 = 16;
  private static final int NAME_SIZE_V6 = 28;

  // struct cmsghdr
  private static final long LEVEL = 8;
  private static final long TYPE = 12;
  private static final long DATA = 16;
  private static final int IPPROTO_IP = 0;
  private static final int IPPROTO_IPV6 = 41;
  private static final int IP_PKTINFO = 8;
  private static final int IPV6_PKTINFO = 50;
  private static final int IPV6_RECVPKTINFO = 49;

  // struct in_pktinfo: interface, source, destination; in6_pktinfo: address, interface
  private static final int PKTINFO_SIZE_V4 = 12;
  private static final int PKTINFO_SIZE_V6 = 20;
  private static final long PKTINFO_SOURCE_V4 = DATA + 4;
  private static final long PKTINFO_TARGET_V4 = DATA + 8;
  private static final long PKTINFO_INDEX_V6 = DATA + 16;

  private static final int CONTROL_ROOM = 256;
  private static final long V4_PREFIX = 0x0000_FFFF_0000_0000L;

  private final boolean isV6;
  private final MemorySegment header;
  private final MemorySegment name;
  private final MemorySegment iov;
  private final MemorySegment payload;
  private final MemorySegment control;
  private final KnownEnds ends;
  private int bytes;

  /** A message of a socket of this family. */
  Message(boolean isV6) {
    this(isV6, Arena.ofAuto().allocate(HEADER_SIZE, 8), new KnownEnds());
  }

  /** A message of a socket of this family, whose header has its place already. */
  Message(boolean isV6, MemorySegment header, KnownEnds ends) {
    this.isV6 = isV6;
    this.ends = ends;
    this.header = header;
    Arena arena = Arena.ofAuto();
    name = arena.allocate(NAME_SIZE_V6, 8);
    iov = arena.allocate(IOV_SIZE, 8);
    payload = arena.allocate(MOST, 8);
    control = arena.allocate(CONTROL_ROOM, 8);
    header.set(ADDRESS, 0, name);
    header.set(ADDRESS, IOV, iov);
    header.set(JAVA_LONG, IOV_COUNT, 1);
    header.set(ADDRESS, CONTROL, control);
    iov.set(ADDRESS, 0, payload);
  }

  /** Has the kernel write the address of this machine beside each datagram. */
  static void request(SocketCalls calls, int socket, boolean isV6) throws IOException {
    if (isV6) {
      calls.set(socket, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1); // of IPv4 datagrams too
    } else {
      calls.set(socket, IPPROTO_IP, IP_PKTINFO, 1);
    }
  }

  /** Makes the message ready for the kernel to fill. */
  void toReceive() {
    header.set(JAVA_INT, NAME_LENGTH, NAME_SIZE_V6);
    header.set(JAVA_LONG, CONTROL_LENGTH, CONTROL_ROOM);
    header.set(JAVA_INT, FLAGS, 0);
    iov.set(JAVA_LONG, IOV_LENGTH, MOST);
  }

  /** The kernel has filled it in, with so many bytes of payload. */
  void received(int length) {
    bytes = length;
  }

  @Override
  public int length() {
    return bytes;
  }

  @Override
  public byte at(int place) {
    return payload.get(JAVA_BYTE, place);
  }

  @Override
  public long sourceHigh() {
    return isV6 ? name.get(HALF, NAME_HIGH) : 0;
  }

  @Override
  public long sourceLow() {
    return isV6
        ? name.get(HALF, NAME_LOW)
        : V4_PREFIX | Integer.toUnsignedLong(name.get(OCTETS, NAME_OCTETS));
  }

  @Override
  public int sourcePort() {
    return Short.toUnsignedInt(name.get(PORT, NAME_PORT));
  }

  @Override
  public Datagram copy() {
    byte[] copy = new byte[bytes];
    MemorySegment.copy(payload, JAVA_BYTE, 0, copy, 0, bytes);
    return new Datagram(source(), end(), copy);
  }

  /** Where it came from. */
  PeerAddress source() {
    return new PeerAddress(sourceHigh(), sourceLow(), sourcePort());
  }

  @Override
  public LocalEnd end() {
    if (!hasEnd()) {
      return LocalEnd.ANY;
    }
    if (!isV6) {
      int octets = control.get(OCTETS, PKTINFO_TARGET_V4);
      return ends.of(0, V4_PREFIX | Integer.toUnsignedLong(octets), 0);
    }
    return ends.of(control.get(HALF, DATA), control.get(HALF, DATA + 8), interfaceIndex());
  }

  private boolean hasEnd() {
    long size = isV6 ? PKTINFO_SIZE_V6 : PKTINFO_SIZE_V4;
    // The socket asked for one kind of control message only: it is the first.
    return header.get(JAVA_LONG, CONTROL_LENGTH) >= DATA + size
        && control.get(JAVA_INT, LEVEL) == (isV6 ? IPPROTO_IPV6 : IPPROTO_IP)
        && control.get(JAVA_INT, TYPE) == (isV6 ? IPV6_PKTINFO : IP_PKTINFO);
  }

  /** The interface where one of the two addresses is link-local, else 0. */
  private int interfaceIndex() {
    return isLinkLocal(control.get(HALF, DATA)) || isLinkLocal(sourceHigh())
        ? control.get(JAVA_INT, PKTINFO_INDEX_V6)
        : 0;
  }

  /** Addresses an answer to this datagram, with the memory that holds this one's addresses. */
  void address(MemorySegment answer, MemorySegment iov) {
    answer.set(ADDRESS, 0, name);
    answer.set(JAVA_INT, NAME_LENGTH, header.get(JAVA_INT, NAME_LENGTH));
    answer.set(ADDRESS, IOV, iov);
    answer.set(ADDRESS, CONTROL, control);
    answer.set(JAVA_LONG, CONTROL_LENGTH, hasEnd() ? header.get(JAVA_LONG, CONTROL_LENGTH) : 0);
    if (isV6) {
      control.set(JAVA_INT, PKTINFO_INDEX_V6, interfaceIndex());
    } else {
      control.set(JAVA_INT, DATA, 0);
      control.set(JAVA_INT_UNALIGNED, PKTINFO_SOURCE_V4, control.get(JAVA_INT, PKTINFO_TARGET_V4));
    }
  }

  private static boolean isLinkLocal(long high) {
    return high >>> 54 == 0xFE80 >>> 6;
  }

  /**
   * The message for the kernel to send.
   *
   * @param bytes at most {@link #MOST}
   */
  MemorySegment toSend(PeerAddress to, LocalEnd from, byte[] bytes) {
    MemorySegment.copy(bytes, 0, payload, JAVA_BYTE, 0, bytes.length);
    iov.set(JAVA_LONG, IOV_LENGTH, bytes.length);
    header.set(JAVA_INT, FLAGS, 0);
    name.set(JAVA_SHORT, 0, isV6 ? AF_INET6 : AF_INET);
    name.set(PORT, NAME_PORT, (short) to.port());
    if (isV6) {
      name.set(JAVA_INT, NAME_OCTETS, 0); // flow
      name.set(HALF, NAME_HIGH, to.high());
      name.set(HALF, NAME_LOW, to.low());
      name.set(JAVA_INT, NAME_SCOPE, isLinkLocal(to.high()) ? from.interfaceIndex() : 0);
      header.set(JAVA_INT, NAME_LENGTH, NAME_SIZE_V6);
    } else {
      name.set(OCTETS, NAME_OCTETS, to.octets());
      header.set(JAVA_INT, NAME_LENGTH, NAME_SIZE_V4);
    }
    if (from == LocalEnd.ANY) {
      header.set(JAVA_LONG, CONTROL_LENGTH, 0);
    } else {
      source(from);
    }
    return header;
  }

  private void source(LocalEnd from) {
    long length = DATA + (isV6 ? PKTINFO_SIZE_V6 : PKTINFO_SIZE_V4);
    control.set(JAVA_LONG, 0, length);
    control.set(JAVA_INT, LEVEL, isV6 ? IPPROTO_IPV6 : IPPROTO_IP);
    control.set(JAVA_INT, TYPE, isV6 ? IPV6_PKTINFO : IP_PKTINFO);
    if (isV6) {
      control.set(HALF, DATA, from.ip().high());
      control.set(HALF, DATA + 8, from.ip().low());
      control.set(JAVA_INT, PKTINFO_INDEX_V6, from.interfaceIndex());
    } else {
      control.set(JAVA_INT, DATA, 0);
      control.set(OCTETS, PKTINFO_SOURCE_V4, from.ip().octets());
      control.set(OCTETS, PKTINFO_TARGET_V4, 0);
    }
    header.set(JAVA_LONG, CONTROL_LENGTH, length + 7 & ~7L);
  }
}
