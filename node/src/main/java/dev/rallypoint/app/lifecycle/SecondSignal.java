package dev.rallypoint.app.lifecycle;

import java.lang.reflect.Proxy;

/**
 * A signal to end that comes while the process is ending already. Java leaves those alone, and its
 * classes for signals are not for everyone's eyes, so they are looked up by name.
 */
final class SecondSignal {
  private static final int BY_SIGTERM = 143;

  private SecondSignal() {}

  /** Ends the process at once when the next such signal comes, where the JVM lets it. */
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
      // Then the second signal is as good as none, which is what Java does.
    }
  }
}
