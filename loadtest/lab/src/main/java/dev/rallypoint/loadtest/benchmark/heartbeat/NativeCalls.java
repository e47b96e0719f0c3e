package dev.rallypoint.loadtest.benchmark.heartbeat;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Linux's calls for UDP sockets over IPv4 that send and receive many datagrams by one call. */
final class NativeCalls {
  static final int MSG_DONTWAIT = 0x40;
  static final int SOL_SOCKET = 1;
  static final int SO_RCVBUF = 8;
  static final int SO_TIMESTAMPNS = 35;

  private static final int AF_INET = 2;
  private static final int SOCK_DGRAM = 2;
  private static final int ADDRESS_SIZE = 16;
  private static final MethodHandle SOCKET = find("socket", JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle BIND = find("bind", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle CONNECT = find("connect", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle SET =
      find("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle SEND = find("sendmmsg", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle RECEIVE =
      find("recvmmsg", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle CLOSE = find("close", JAVA_INT);

  private NativeCalls() {}

  @SuppressWarnings("restricted")
  private static MethodHandle find(String name, ValueLayout... parameters) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(JAVA_INT, parameters));
  }

  /** A UDP socket, bound to an address and connected to another. */
  static int open(int localOctets, int remoteOctets, int remotePort) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      int socket = checked("socket", (int) SOCKET.invokeExact(AF_INET, SOCK_DGRAM, 0));
      MemorySegment local = address(arena, localOctets, 0);
      MemorySegment remote = address(arena, remoteOctets, remotePort);
      checked("bind", (int) BIND.invokeExact(socket, local, ADDRESS_SIZE));
      checked("connect", (int) CONNECT.invokeExact(socket, remote, ADDRESS_SIZE));
      return socket;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static MemorySegment address(Arena arena, int octets, int port) {
    MemorySegment address = arena.allocate(ADDRESS_SIZE, 8);
    address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_INET);
    address.set(ValueLayout.JAVA_SHORT, 2, Short.reverseBytes((short) port));
    address.set(JAVA_INT, 4, Integer.reverseBytes(octets));
    return address;
  }

  static void set(int socket, int option, int value) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment number = arena.allocateFrom(JAVA_INT, value);
      checked("setsockopt", (int) SET.invokeExact(socket, SOL_SOCKET, option, number, 4));
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** How many were sent, or -1 for none. */
  static int send(int socket, MemorySegment vector, int count) {
    try {
      return (int) SEND.invokeExact(socket, vector, count, MSG_DONTWAIT);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** How many were received, or -1 for none. */
  static int receive(int socket, MemorySegment vector, int most) {
    try {
      return (int) RECEIVE.invokeExact(socket, vector, most, MSG_DONTWAIT, MemorySegment.NULL);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  static void close(int socket) {
    try {
      int unused = (int) CLOSE.invokeExact(socket);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static int checked(String call, int result) throws IOException {
    if (result < 0) {
      throw new IOException(call + " failed");
    }
    return result;
  }

  private static IOException unexpected(Throwable thrown) {
    return thrown instanceof IOException e ? e : new IOException(thrown);
  }
}
