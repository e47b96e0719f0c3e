package dev.rallypoint.loadtest.lab;

import java.io.File;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The lab's end of a {@link PeerAgent} that runs in a namespace. */
final class AgentProcess implements AutoCloseable {
  private static final long LONGEST_ORDER_SECONDS = 180;

  private final String label;
  private final Process process;
  private final ObjectOutputStream orders;
  private final ObjectInputStream reports;

  private AgentProcess(
      String label, Process process, ObjectOutputStream orders, ObjectInputStream reports) {
    this.label = label;
    this.process = process;
    this.orders = orders;
    this.reports = reports;
  }

  /** Starts it with the class path of this very process; its complaints go to a log file. */
  static AgentProcess start(Network network, Place place, Path logs) {
    List<String> words = new ArrayList<>(network.inside(place.label()));
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-Djava.net.preferIPv4Stack=true"));
    words.addAll(List.of("-cp", System.getProperty("java.class.path")));
    words.add(PeerAgent.class.getName());
    File log = logs.resolve(place.label() + ".log").toFile();
    try {
      Process process = new ProcessBuilder(words).redirectError(log).start();
      try {
        ObjectOutputStream orders = new ObjectOutputStream(process.getOutputStream());
        orders.flush();
        ObjectInputStream reports = new ObjectInputStream(process.getInputStream());
        return new AgentProcess(place.label(), process, orders, reports);
      } catch (IOException e) {
        process.destroyForcibly();
        throw e;
      }
    } catch (IOException e) {
      throw new LabException("the peers of " + place + " do not start, see " + log, e);
    }
  }

  /** Gives an order and waits for its report. */
  Report ask(Order order) {
    FutureTask<Report> exchange =
        new FutureTask<>(() -> {
          orders.writeObject(order);
          orders.flush();
          return (Report) reports.readObject();
        });
    Thread.ofVirtual().name("ask-" + label).start(exchange);
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
