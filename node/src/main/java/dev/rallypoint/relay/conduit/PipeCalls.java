package dev.rallypoint.relay.conduit;

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
import java.lang.invoke.VarHandle;

/**
 * Linux's pipes and splice(2), by file descriptor. Nothing blocks. One for each loop, because it
 * holds the place where the system leaves its error number; not safe for several threads.
 */
public final class PipeCalls {
  private static final int EINTR = 4;
  private static final int EAGAIN = 11;
  private static final int ECONNRESET = 104;
  private static final int O_NONBLOCK = 0x800;
  private static final int O_CLOEXEC = 0x80000;
  private static final int F_SETPIPE_SZ = 1031;
  private static final int F_GETPIPE_SZ = 1032;
  private static final int SPLICE_F_MOVE = 1;
  private static final int SPLICE_F_NONBLOCK = 2;

  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(StructLayout.PathElement.groupElement("errno"));
  private static final MethodHandle PIPE2 =
      find("pipe2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle FCNTL =
      find(
          "fcntl",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle SPLICE =
      find(
          "splice",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private static final MethodHandle READ =
      find("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle CLOSE =
      find("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private final MemorySegment state = Arena.ofAuto().allocate(STATE);
  private final MemorySegment ends = Arena.ofAuto().allocate(JAVA_INT, 2);

  /** A pipe's two descriptors. */
  record Ends(int out, int in) {}

  /** A system call failed. */
  public static final class CallException extends IOException {
    private static final long serialVersionUID = 1;

    private final int errno;

    CallException(String call, int errno) {
      super(call + " failed with error " + errno);
      this.errno = errno;
    }

    /** Whether a peer reset its connection. */
    public boolean isReset() {
      return errno == ECONNRESET;
    }
  }

  /** An empty pipe; fails when descriptors have run out. */
  Ends pipe() throws IOException {
    try {
      check("pipe2", (int) PIPE2.invokeExact(state, ends, O_NONBLOCK | O_CLOEXEC));
    } catch (Throwable e) {
      throw asIo(e);
    }
    return new Ends(ends.getAtIndex(JAVA_INT, 0), ends.getAtIndex(JAVA_INT, 1));
  }

  /** Asks for a pipe's size in bytes, and returns whether it was granted. */
  boolean resize(int end, int bytes) {
    try {
      return (int) FCNTL.invokeExact(state, end, F_SETPIPE_SZ, bytes) >= 0;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** A pipe's size in bytes. */
  int sizeOf(int end) throws IOException {
    try {
      return (int) check("fcntl", (int) FCNTL.invokeExact(state, end, F_GETPIPE_SZ, 0));
    } catch (Throwable e) {
      throw asIo(e);
    }
  }

  /**
   * Moves bytes from a socket to a pipe, or back: 0 at the source's end, -1 if none can move now.
   */
  int splice(int from, int to, int most) throws IOException {
    try {
      int moved;
      do {
        moved =
            (int)
                (long)
                    SPLICE.invokeExact(
                        state,
                        from,
                        MemorySegment.NULL,
                        to,
                        MemorySegment.NULL,
                        (long) most,
                        SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
      } while (moved < 0 && errno() == EINTR);
      return moved < 0 && errno() == EAGAIN ? -1 : (int) check("splice", moved);
    } catch (Throwable e) {
      throw asIo(e);
    }
  }

  /** Reads from a pipe into native memory. */
  int read(int from, MemorySegment target) throws IOException {
    try {
      return (int) check("read", (long) READ.invokeExact(state, from, target, target.byteSize()));
    } catch (Throwable e) {
      throw asIo(e);
    }
  }

  void close(Ends pipe) {
    try {
      int first = (int) CLOSE.invokeExact(state, pipe.out());
      int second = (int) CLOSE.invokeExact(state, pipe.in());
      assert first == 0 && second == 0 : "closed twice";
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private long check(String call, long result) throws CallException {
    if (result < 0) {
      throw new CallException(call, errno());
    }
    return result;
  }

  private int errno() {
    return (int) ERRNO.get(state, 0L);
  }

  private static IOException asIo(Throwable thrown) {
    return switch (thrown) {
      case IOException e -> e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> new IOException(thrown);
    };
  }

  @SuppressWarnings("restricted")
  private static MethodHandle find(String name, FunctionDescriptor type, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    Linker.Option[] all = new Linker.Option[options.length + 1];
    System.arraycopy(options, 0, all, 1, options.length);
    all[0] = Linker.Option.captureCallState("errno");
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type, all);
  }
}
