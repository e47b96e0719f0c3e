package dev.rallypoint.transport.datagram;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.nio.channels.DatagramChannel;

/**
 * Linux's calls on a socket that the JDK has no methods for. Nothing blocks but a {@link #receive}
 * that is to wait. Holds the place where the system leaves its error number; not safe for several
 * threads.
 */
final class SocketCalls {
  static final int EINTR = 4;
  static final int EAGAIN = 11;
  static final int ENODEV = 19;
  static final int EINVAL = 22;
  static final int EADDRNOTAVAIL = 99;
  static final int ENETUNREACH = 101;

  /** Of recvmmsg(2): waits for the first datagram only. */
  private static final int MSG_WAITFORONE = 0x10000;

  private static final int MSG_DONTWAIT = 0x40;
  private static final int SHUT_RDWR = 2;
  private static final int SO_RCVTIMEO = 20;
  private static final long MICROS = 1_000;
  private static final int TIMEVAL_SIZE = 16;
  private static final int SOL_SOCKET = 1;
  private static final int SO_MEMINFO = 55;
  private static final int MEMINFO_NUMBERS = 9;
  private static final int MEMINFO_DROPS = 8;

  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(StructLayout.PathElement.groupElement("errno"));
  private static final MethodHandle SETSOCKOPT =
      find(
          "setsockopt",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle GETSOCKOPT =
      find(
          "getsockopt",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
  private static final MethodHandle RECVMMSG =
      find(
          "recvmmsg",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS));
  private static final MethodHandle SENDMSG =
      find("sendmsg", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle SENDMMSG =
      find("sendmmsg", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
  private static final MethodHandle SHUTDOWN =
      find("shutdown", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle DESCRIPTOR = descriptorOfChannel();

  private final MemorySegment state = Arena.ofAuto().allocate(STATE);

  /**
   * The file descriptor of a channel, good while the channel is open. The JDK keeps it to itself,
   * so that Java has to be started with {@code --add-exports java.base/sun.nio.ch=ALL-UNNAMED}.
   */
  static int descriptor(DatagramChannel channel) {
    try {
      return (int) DESCRIPTOR.invokeExact(channel);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Sets an option whose value is a number. */
  void set(int socket, int level, int option, int value) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      set(socket, level, option, arena.allocateFrom(JAVA_INT, value));
    }
  }

  /** The longest that a receive waits on a socket that blocks. */
  void setReceiveTimeout(int socket, int millis) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment time = arena.allocate(TIMEVAL_SIZE, 8);
      time.set(JAVA_LONG, 0, millis / 1_000);
      time.set(JAVA_LONG, 8, millis % 1_000 * MICROS);
      set(socket, SOL_SOCKET, SO_RCVTIMEO, time);
    }
  }

  private void set(int socket, int level, int option, MemorySegment value) throws IOException {
    try {
      int size = (int) value.byteSize();
      int result = (int) SETSOCKOPT.invokeExact(state, socket, level, option, value, size);
      if (result != 0) {
        throw new IOException("setsockopt failed with error " + errno());
      }
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /**
   * How many datagrams the kernel has dropped because the socket's buffer was full, modulo 2^32, or
   * -1 where the kernel does not tell.
   */
  long drops(int socket) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment numbers = arena.allocate(JAVA_INT, MEMINFO_NUMBERS);
      MemorySegment size = arena.allocateFrom(JAVA_INT, (int) numbers.byteSize());
      int result =
          (int) GETSOCKOPT.invokeExact(state, socket, SOL_SOCKET, SO_MEMINFO, numbers, size);
      boolean isTold = result == 0 && size.get(JAVA_INT, 0) == numbers.byteSize();
      return isTold ? Integer.toUnsignedLong(numbers.getAtIndex(JAVA_INT, MEMINFO_DROPS)) : -1;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /**
   * Receives datagrams into an array of {@code struct mmsghdr}.
   *
   * @param most how many at most
   * @param isToWait whether to wait for the first one, on a socket that blocks
   * @return how many have come, or -1 with {@link #errno}
   */
  int receive(int socket, MemorySegment messages, int most, boolean isToWait) {
    int flags = isToWait ? MSG_WAITFORONE : MSG_DONTWAIT;
    try {
      return (int) RECVMMSG.invokeExact(state, socket, messages, most, flags, MemorySegment.NULL);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Sends one datagram; the number of its bytes, or -1 with {@link #errno}. */
  long send(int socket, MemorySegment message) {
    try {
      return (long) SENDMSG.invokeExact(state, socket, message, MSG_DONTWAIT);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /**
   * Sends the first datagrams of an array of {@code struct mmsghdr}, until one fails.
   *
   * @return how many were sent, or -1 with {@link #errno} when the first one failed
   */
  int sendAll(int socket, MemorySegment messages, int count) {
    try {
      return (int) SENDMMSG.invokeExact(state, socket, messages, count, MSG_DONTWAIT);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Wakes who waits for a datagram, and has nobody wait any more. */
  void shutdown(int socket) {
    try {
      int unused = (int) SHUTDOWN.invokeExact(state, socket, SHUT_RDWR); // wakes if it fails, too
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Why the last call failed. */
  int errno() {
    return (int) ERRNO.get(state, 0L);
  }

  private static RuntimeException unexpected(Throwable thrown) {
    return switch (thrown) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      default -> new IllegalStateException(thrown);
    };
  }

  @SuppressWarnings("restricted")
  private static MethodHandle find(String name, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name), type, Linker.Option.captureCallState("errno"));
  }

  private static MethodHandle descriptorOfChannel() {
    try {
      return MethodHandles.lookup()
          .findVirtual(
              Class.forName("sun.nio.ch.SelChImpl"), "getFDVal", MethodType.methodType(int.class))
          .asType(MethodType.methodType(int.class, DatagramChannel.class));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "no access to sun.nio.ch: start Java with --add-exports java.base/sun.nio.ch=ALL-UNNAMED",
          e);
    }
  }
}
