package dev.rallypoint.app.lifecycle;

import java.lang.reflect.Proxy;

/**
 * Ends the process at once, with code 143, on a signal to end (SIGTERM, SIGINT) that comes while it
 * is ending. The JVM ignores such a signal then. Its classes for signals are not part of the Java
 * API, so they are looked up by name.
 */
final class SecondSignal {
  private static final int BY_SIGTERM = 143;

  private SecondSignal() {}

  /** Ends the process at once, with 143, when the next such signal comes. */
  static void endsAtOnce() {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object ending =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                Runtime.getRuntime().halt(BY_SIGTERM);
                return null;
              });
      for (String name : new String[] {"TERM", "INT"}) {
        signal
            .getMethod("handle", signal, handler)
            .invoke(null, signal.getConstructor(String.class).newInstance(name), ending);
      }
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      // Without these classes the second signal is ignored, as Java does it.
    }
  }
}
