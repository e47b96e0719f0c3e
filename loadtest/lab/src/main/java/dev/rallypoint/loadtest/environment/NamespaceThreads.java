package dev.rallypoint.loadtest.environment;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;

/**
 * Creates threads of this process that run in a network namespace: the sockets that such a thread
 * opens are in the namespace. Linux has a namespace per thread, and setns(2) changes it.
 */
public final class NamespaceThreads implements ThreadFactory {
  private static final int CLONE_NEWNET = 0x40000000;
  private static final int READ_ONLY = 0;

  private final String file;
  private final MethodHandle open;
  private final MethodHandle setns;
  private final MethodHandle close;

  private NamespaceThreads(String file) {
    this.file = file;
    Linker linker = Linker.nativeLinker();
    this.open =
        handle(
            linker,
            "open",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    this.setns =
        handle(
            linker,
            "setns",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    this.close =
        handle(linker, "close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
  }

  @SuppressWarnings("restricted") // three functions of libc
  private static MethodHandle handle(
      Linker linker, String name, FunctionDescriptor shape, Linker.Option... options) {
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), shape, options);
  }

  /** Threads in the namespace with this label. */
  public static NamespaceThreads of(NetworkNamespaces namespaces, String label) {
    return new NamespaceThreads("/run/netns/" + namespaces.prefix() + "-" + label);
  }

  /** Creates a daemon thread that enters the namespace when it is started. */
  @Override
  public Thread newThread(Runnable work) {
    return Thread.ofPlatform()
        .daemon()
        .unstarted(() -> {
          enter();
          work.run();
        });
  }

  /** Runs work on a thread in the namespace and waits for its result. */
  public <T> T call(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    newThread(task).start();
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw new EnvironmentException("in " + file + ": " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentException("interrupted", e);
    }
  }

  private void enter() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = arena.allocateFrom(file);
      int descriptor = (int) open.invokeExact(path, READ_ONLY);
      if (descriptor < 0 || (int) setns.invokeExact(descriptor, CLONE_NEWNET) != 0) {
        throw new EnvironmentException("cannot enter the namespace " + file);
      }
      int closed = (int) close.invokeExact(descriptor);
      assert closed == 0;
    } catch (EnvironmentException e) {
      throw e;
    } catch (Throwable e) {
      throw new EnvironmentException("cannot enter the namespace " + file, e);
    }
  }
}
