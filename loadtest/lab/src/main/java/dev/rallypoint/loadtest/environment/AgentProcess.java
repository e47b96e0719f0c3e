package dev.rallypoint.loadtest.environment;

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
 * A Java process in a network namespace that carries out commands. It receives serialized commands
 * on its standard input, one at a time, and sends replies on its standard output.
 */
public final class AgentProcess implements AutoCloseable {
  private static final long REPLY_SECONDS = 180;
  private static final int DESCRIPTORS = 200_000;

  private final String label;
  private final Process process;
  private final ObjectOutputStream commands;
  private final ObjectInputStream replies;

  private AgentProcess(
      String label, Process process, ObjectOutputStream commands, ObjectInputStream replies) {
    this.label = label;
    this.process = process;
    this.commands = commands;
    this.replies = replies;
  }

  /**
   * Starts an agent with the class path of this process. Its standard error goes to a log file.
   *
   * @param label the namespace
   * @param program the class with the main method
   * @param heap the maximum heap, such as 256m
   * @param logs the folder of the log file
   */
  public static AgentProcess start(
      NetworkNamespaces namespaces, String label, Class<?> program, String heap, Path logs) {
    List<String> command = new ArrayList<>(namespaces.prefixCommand(label));
    // One descriptor for each simulated peer; root may raise the limit.
    command.addAll(List.of("sh", "-c", "ulimit -n " + DESCRIPTORS + "; exec \"$@\"", "agent"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx" + heap, "-XX:+UseSerialGC", "-Djava.net.preferIPv4Stack=true"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(program.getName());
    File log = logs.resolve(label + ".log").toFile();
    try {
      Process process = new ProcessBuilder(command).redirectError(log).start();
      try {
        ObjectOutputStream commands = new ObjectOutputStream(process.getOutputStream());
        commands.flush();
        ObjectInputStream replies = new ObjectInputStream(process.getInputStream());
        return new AgentProcess(label, process, commands, replies);
      } catch (IOException e) {
        process.destroyForcibly();
        throw e;
      }
    } catch (IOException e) {
      throw new EnvironmentException("the agent of " + label + " does not start, see " + log, e);
    }
  }

  /**
   * The main loop of an agent: replies to commands until the standard input ends.
   *
   * @param execute carries out a command and returns the reply
   */
  public static void serve(UnaryOperator<Object> execute)
      throws IOException, ClassNotFoundException {
    OutputStream replies = System.out;
    System.setOut(System.err); // other output must not mix with the replies
    try (ObjectOutputStream out = new ObjectOutputStream(replies)) {
      out.flush();
      ObjectInputStream in = new ObjectInputStream(System.in);
      while (true) {
        out.writeObject(execute.apply(in.readObject()));
        out.reset();
        out.flush();
      }
    } catch (EOFException e) {
      // The process that sends commands has ended.
    }
  }

  /** Sends a command and waits for its reply, at most 180 s. */
  public synchronized Object ask(Serializable command) {
    FutureTask<Object> exchange =
        new FutureTask<>(() -> {
          commands.writeObject(command);
          commands.flush();
          commands.reset();
          return replies.readObject();
        });
    Thread.ofPlatform().daemon().name("ask-" + label).start(exchange);
    try {
      return exchange.get(REPLY_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new EnvironmentException("the agent of " + label + " has ended: " + e.getCause(), e);
    } catch (TimeoutException e) {
      process.destroyForcibly();
      throw new EnvironmentException("the agent of " + label + " did not reply to " + command, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentException("interrupted", e);
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
