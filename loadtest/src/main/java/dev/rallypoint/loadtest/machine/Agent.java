package dev.rallypoint.loadtest.machine;

import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/**
 * A Java program of ours that runs in a namespace and does what it is told: orders on its standard
 * input, one at a time, reports on its standard output.
 */
public final class Agent implements AutoCloseable {
  private static final long LONGEST_ORDER_SECONDS = 180;
  private static final int DESCRIPTORS = 200_000;

  private final String label;
  private final Process process;
  private final ObjectOutputStream orders;
  private final ObjectInputStream reports;

  private Agent(
      String label, Process process, ObjectOutputStream orders, ObjectInputStream reports) {
    this.label = label;
    this.process = process;
    this.orders = orders;
    this.reports = reports;
  }

  /**
   * Starts it with the class path of this very process; its complaints go to a log file.
   *
   * @param label the namespace
   * @param program the class with the main method
   * @param heap such as 256m
   */
  public static Agent start(
      Namespaces namespaces, String label, Class<?> program, String heap, Path logs) {
    List<String> words = new ArrayList<>(namespaces.inside(label));
    // Root may have more descriptors than it was given; one for each simulated peer.
    words.addAll(List.of("sh", "-c", "ulimit -n " + DESCRIPTORS + "; exec \"$@\"", "agent"));
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of("-Xmx" + heap, "-XX:+UseSerialGC", "-Djava.net.preferIPv4Stack=true"));
    words.addAll(List.of("-cp", System.getProperty("java.class.path")));
    words.add(program.getName());
    File log = logs.resolve(label + ".log").toFile();
    try {
      Process process = new ProcessBuilder(words).redirectError(log).start();
      try {
        ObjectOutputStream orders = new ObjectOutputStream(process.getOutputStream());
        orders.flush();
        ObjectInputStream reports = new ObjectInputStream(process.getInputStream());
        return new Agent(label, process, orders, reports);
      } catch (IOException e) {
        process.destroyForcibly();
        throw e;
      }
    } catch (IOException e) {
      throw new LabException("the peers of " + label + " do not start, see " + log, e);
    }
  }

  /**
   * The main loop of such a program: answers orders on standard input until that ends.
   *
   * @param carryOut gives an order's report
   */
  public static void serve(UnaryOperator<Object> carryOut)
      throws IOException, ClassNotFoundException {
    OutputStream reports = System.out;
    System.setOut(System.err); // whatever prints must not get between the reports
    try (ObjectOutputStream out = new ObjectOutputStream(reports)) {
      out.flush();
      ObjectInputStream in = new ObjectInputStream(System.in);
      while (true) {
        out.writeObject(carryOut.apply(in.readObject()));
        out.reset();
        out.flush();
      }
    } catch (EOFException e) {
      // The one who gave orders is gone.
    }
  }

  /** Gives an order and waits for its report. */
  public synchronized Object ask(Serializable order) {
    FutureTask<Object> exchange =
        new FutureTask<>(() -> {
          orders.writeObject(order);
          orders.flush();
          orders.reset();
          return reports.readObject();
        });
    Thread.ofPlatform().daemon().name("ask-" + label).start(exchange);
    try {
      return exchange.get(LONGEST_ORDER_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new LabException("the peers of " + label + " are gone: " + e.getCause(), e);
    } catch (TimeoutException e) {
      process.destroyForcibly();
      throw new LabException("the peers of " + label + " did not answer " + order, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
