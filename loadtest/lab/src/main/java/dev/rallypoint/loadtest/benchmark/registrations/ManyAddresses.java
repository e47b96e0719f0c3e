package dev.rallypoint.loadtest.benchmark.registrations;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.rallypoint.loadtest.environment.EnvironmentException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteOrder;

/**
 * One UDP socket whose datagrams leave from any address of 127.0.0.0/8, by sendmmsg(2) with the
 * source beside each datagram, and which tells to which of them an answer came: millions of clients
 * with an address each on one descriptor. For Linux on 64 bits, and for one thread.
 */
final class ManyAddresses implements AutoCloseable {
  /** Datagrams in one call. */
  static final int BATCH = 64;

  /** Bytes of the longest datagram. */
  static final int MOST = 256;

  private static final ValueLayout.OfInt BIG_INT = JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfShort BIG_SHORT = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

  private static final int AF_INET = 2;
  private static final int SOCK_DGRAM = 2;
  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVBUFFORCE = 33;
  private static final int SO_RCVBUF = 8;
  private static final int RECEIVE_BUFFER = 64 << 20;
  private static final int IP_PKTINFO = 8;
  private static final int MSG_DONTWAIT = 0x40;

  // struct mmsghdr, sockaddr_in, iovec, and cmsghdr with in_pktinfo
  private static final long HEADER = 64;
  private static final long NAME = 16;
  private static final long IOV = 16;
  private static final long CONTROL = 32;
  private static final long CONTROL_USED = 28;
  private static final long SOURCE = 20;
  private static final long TARGET = 24;

  private static final MethodHandle SOCKET =
      find("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle SETSOCKOPT =
      find(
          "setsockopt",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle SENDMMSG =
      find("sendmmsg", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
  private static final MethodHandle RECVMMSG =
      find(
          "recvmmsg",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS));
  private static final MethodHandle CLOSE =
      find("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private final Arena arena = Arena.ofConfined();
  private final Vector out;
  private final Vector in;
  private final int descriptor;
  private int waiting;

  /** Takes what has come. */
  interface Receiver {
    /**
     * One datagram.
     *
     * @param address the address of 127.0.0.0/8 that it came to, as a number
     * @param data valid until the method returns
     */
    void onDatagram(int address, MemorySegment data, int length);
  }

  /** Opens a socket that sends to this port of 127.0.0.1. */
  ManyAddresses(int port) {
    out = new Vector();
    in = new Vector();
    for (int i = 0; i < BATCH; i++) {
      MemorySegment name = out.names.asSlice(i * NAME, NAME);
      name.set(JAVA_SHORT, 0, (short) AF_INET);
      name.set(BIG_SHORT, 2, (short) port);
      name.set(BIG_INT, 4, 0x7F00_0001);
    }
    try {
      descriptor = (int) SOCKET.invokeExact(AF_INET, SOCK_DGRAM, 0);
      check(descriptor, "socket");
      check(set(0, IP_PKTINFO, 1), "IP_PKTINFO");
      if (set(SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER) < 0) { // only root may
        check(set(SOL_SOCKET, SO_RCVBUF, RECEIVE_BUFFER), "SO_RCVBUF");
      }
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  private int set(int level, int option, int value) throws Throwable {
    MemorySegment number = arena.allocateFrom(JAVA_INT, value);
    return (int) SETSOCKOPT.invokeExact(descriptor, level, option, number, 4);
  }

  /** Adds a datagram to those that wait for {@link #flush}; flushes when there are enough. */
  void send(int address, byte[] data) {
    MemorySegment.copy(data, 0, out.data, JAVA_BYTE, waiting * (long) MOST, data.length);
    out.iovs.set(JAVA_LONG, waiting * IOV + 8, data.length);
    long control = waiting * CONTROL;
    out.controls.set(JAVA_LONG, control, CONTROL_USED);
    out.controls.set(JAVA_INT, control + 8, 0);
    out.controls.set(JAVA_INT, control + 12, IP_PKTINFO);
    out.controls.set(BIG_INT, control + SOURCE, address);
    if (++waiting == BATCH) {
      flush();
    }
  }

  /** Sends what waits; what the kernel does not take is lost. */
  void flush() {
    int done = 0;
    try {
      while (done < waiting) {
        int sent =
            (int)
                SENDMMSG.invokeExact(
                    descriptor, out.headers.asSlice(done * HEADER), waiting - done, MSG_DONTWAIT);
        done += Math.max(1, sent);
      }
    } catch (Throwable e) {
      throw failure(e);
    }
    waiting = 0;
  }

  /** Hands over what has come, at most {@link #BATCH}; the number. */
  int receive(Receiver receiver) {
    int count;
    try {
      count =
          (int)
              RECVMMSG.invokeExact(descriptor, in.headers, BATCH, MSG_DONTWAIT, MemorySegment.NULL);
    } catch (Throwable e) {
      throw failure(e);
    }
    for (int i = 0; i < count; i++) {
      int length = in.headers.get(JAVA_INT, i * HEADER + 56);
      int address = in.controls.get(BIG_INT, i * CONTROL + TARGET);
      receiver.onDatagram(address, in.data.asSlice(i * (long) MOST, length), length);
      in.headers.set(JAVA_INT, i * HEADER + 8, (int) NAME);
      in.headers.set(JAVA_LONG, i * HEADER + 40, CONTROL);
    }
    return Math.max(0, count);
  }

  @Override
  public void close() {
    try {
      check((int) CLOSE.invokeExact(descriptor), "close");
    } catch (Throwable e) {
      throw failure(e);
    } finally {
      arena.close();
    }
  }

  private static void check(int result, String what) {
    if (result < 0) {
      throw new EnvironmentException("cannot make a UDP socket with many addresses: " + what);
    }
  }

  private static RuntimeException failure(Throwable thrown) {
    return switch (thrown) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      default -> new IllegalStateException(thrown);
    };
  }

  @SuppressWarnings("restricted")
  private static MethodHandle find(String name, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
  }

  /** An array of {@code struct mmsghdr} with all that it points to. */
  private final class Vector {
    final MemorySegment headers = arena.allocate(HEADER * BATCH, 8);
    final MemorySegment names = arena.allocate(NAME * BATCH, 8);
    final MemorySegment iovs = arena.allocate(IOV * BATCH, 8);
    final MemorySegment controls = arena.allocate(CONTROL * BATCH, 8);
    final MemorySegment data = arena.allocate((long) MOST * BATCH, 8);

    Vector() {
      for (int i = 0; i < BATCH; i++) {
        MemorySegment header = headers.asSlice(i * HEADER, HEADER);
        header.set(ADDRESS, 0, names.asSlice(i * NAME));
        header.set(JAVA_INT, 8, (int) NAME);
        header.set(ADDRESS, 16, iovs.asSlice(i * IOV));
        header.set(JAVA_LONG, 24, 1);
        header.set(ADDRESS, 32, controls.asSlice(i * CONTROL));
        header.set(JAVA_LONG, 40, CONTROL);
        iovs.set(ADDRESS, i * IOV, data.asSlice(i * (long) MOST));
        iovs.set(JAVA_LONG, i * IOV + 8, MOST);
      }
    }
  }
}
