package dev.rallypoint.relay.conduit;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.channels.SocketChannel;

/**
 * The file descriptor of a socket, which the JDK keeps to itself: a public method of an interface
 * that its module does not export, so that Java has to be started with {@code --add-exports
 * java.base/sun.nio.ch=ALL-UNNAMED}.
 *
 * <p>The number is good only while the channel is open: after that it may be another file's. Only
 * the loop that closes a leg may use it.
 */
final class SocketDescriptor {
  private static final MethodHandle OF = find();

  private SocketDescriptor() {}

  static int of(SocketChannel channel) {
    try {
      return (int) OF.invokeExact(channel);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static MethodHandle find() {
    try {
      Class<?> owner = Class.forName("sun.nio.ch.SelChImpl");
      return MethodHandles.lookup()
          .findVirtual(owner, "getFDVal", MethodType.methodType(int.class))
          .asType(MethodType.methodType(int.class, SocketChannel.class));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "no access to sun.nio.ch: start Java with --add-exports java.base/sun.nio.ch=ALL-UNNAMED",
          e);
    }
  }
}
