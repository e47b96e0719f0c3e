package dev.rallypoint.app.lifecycle;

import java.lang.reflect.Proxy;

/**
 * What a signal does to this process. The JVM's classes for signals are not part of the Java API,
 * so they are looked up by name.
 */
final class Signals {
  private Signals() {}

  /**
   * Runs a step, on a thread of its own, whenever a signal comes, in place of what it did before.
   * Without these classes, or where the system has no such signal, nothing changes.
   *
   * @param name such as {@code HUP}
   */
  static void on(String name, Runnable step) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object running =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                step.run();
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), running);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      // It stays as Java does it.
    }
  }
}
