package dev.rallypoint.loadtest.benchmark.api;

import dev.rallypoint.loadtest.benchmark.memory.RegisteredIds;
import dev.rallypoint.loadtest.benchmark.report.Benchmark;
import dev.rallypoint.loadtest.benchmark.report.BenchmarkOptions;
import dev.rallypoint.loadtest.benchmark.report.Medians;
import dev.rallypoint.loadtest.benchmark.report.Row;
import dev.rallypoint.loadtest.benchmark.server.MeasuredServer;
import dev.rallypoint.loadtest.environment.EnvironmentException;
import dev.rallypoint.loadtest.environment.FreePorts;
import dev.rallypoint.loadtest.environment.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/** Requests to the HTTP API over connections that are kept: heartbeats, system facts, log-ins. */
public final class ApiBenchmark implements Benchmark {
  private static final int MOST_RUNS = 3;
  private static final int CONNECTIONS = 32;

  /** A user's attempts that have no answer yet count as failed ones, of which five are locked. */
  private static final int LOGINS_AT_ONCE = 3;

  /** What 20,000 idle devices send, each once in 15 s. */
  private static final int PACED_RATE = 1_333;

  private static final String JSON = "application/json";
  private static final int OK = 200;

  /**
   * What was answered.
   *
   * @param requests how many
   * @param cpuSeconds of the node
   */
  private record Figures(int requests, double seconds, double cpuSeconds) {
    double perSecond() {
      return requests / seconds;
    }

    double perCore() {
      return requests / cpuSeconds;
    }

    double cpuMicros() {
      return cpuSeconds * 1e6 / requests;
    }
  }

  @Override
  public String name() {
    return "api";
  }

  @Override
  public String description() {
    return "requests to the HTTP API over connections that are kept, and their CPU time";
  }

  @Override
  public List<Row> run(BenchmarkOptions options) throws IOException, InterruptedException {
    BenchmarkOptions some =
        new BenchmarkOptions(
            options.isQuick(),
            Math.min(options.runs(), MOST_RUNS),
            options.launcher(),
            options.hbbs(),
            options.hbbr(),
            options.progress());
    return Medians.of(some, () -> measure(options));
  }

  private static List<Row> measure(BenchmarkOptions options)
      throws IOException, InterruptedException {
    Path folder = TemporaryFolder.create("api");
    int devices = options.size(200, 2_000);
    Duration time = Duration.ofSeconds(options.size(1, 3));
    int port = FreePorts.one();
    MeasuredServer.nodeIn(folder, options.launcher()).close(); // it makes its key pair
    RegisteredIds.store(folder, devices, "127.0.0.1");
    try (MeasuredServer node =
        MeasuredServer.nodeIn(
            folder, options.launcher(), "api-port=" + port, "roles=rendezvous,relay,api")) {
      return measure(node, folder, port, devices, time);
    } finally {
      TemporaryFolder.delete(folder);
    }
  }

  private static List<Row> measure(
      MeasuredServer node, Path folder, int port, int devices, Duration time)
      throws IOException, InterruptedException {
    List<Row> rows = new ArrayList<>();
    byte[][] facts = new byte[devices][];
    byte[][] beats = new byte[devices][];
    for (int device = 0; device < devices; device++) {
      facts[device] = facts(device);
      beats[device] = beat(device);
    }
    Figures told = once(node, port, facts);
    rows.add(Row.of("sysinfo of a device that is new: CPU", told.cpuMicros(), "us"));
    run(node, port, CONNECTIONS, time, 0, i -> beats[i % devices]); // the compiler's time
    Figures fast = run(node, port, CONNECTIONS, time, 0, i -> beats[i % devices]);
    rows.add(Row.of("heartbeats answered", fast.perSecond(), "/s"));
    rows.add(Row.of("heartbeats, by a core", fast.perCore(), "/s").atLeast(8_000));
    Figures again = run(node, port, CONNECTIONS, time, 0, i -> facts[i % devices]);
    rows.add(Row.of("sysinfo that is known, by a core", again.perCore(), "/s"));
    Figures paced = run(node, port, CONNECTIONS, time, PACED_RATE, i -> beats[i % devices]);
    rows.add(
        Row.of(
                "heartbeats of 20,000 devices: CPU",
                paced.cpuSeconds() / paced.seconds() * 100,
                "% of a core")
            .atMost(50));
    setUp(folder, port);
    byte[] login = login();
    run(node, port, LOGINS_AT_ONCE, time, 0, i -> login);
    Figures logins = run(node, port, LOGINS_AT_ONCE, time, 0, i -> login);
    rows.add(Row.of("log-ins, by a core", logins.perCore(), "/s").atLeast(12));
    return rows;
  }

  /** Makes the user who logs in. */
  private static void setUp(Path folder, int port) throws IOException {
    String code = Files.readString(folder.resolve("setup-code")).strip();
    try (ApiConnection connection = new ApiConnection(port)) {
      require(
          connection.ask(
              ApiConnection.post(
                  "/setup",
                  "application/x-www-form-urlencoded",
                  "code=%s&name=bench&password=correct+horse&again=correct+horse"
                      .formatted(code))));
    }
  }

  private static String uuid(int device) {
    return Base64.getEncoder().encodeToString(RegisteredIds.uuid(device));
  }

  private static byte[] beat(int device) {
    return ApiConnection.post(
        "/api/heartbeat",
        JSON,
        "{\"id\":\"%s\",\"modified_at\":0,\"uuid\":\"%s\",\"ver\":1004009}"
            .formatted(RegisteredIds.id(device), uuid(device)));
  }

  private static byte[] facts(int device) {
    return ApiConnection.post(
        "/api/sysinfo",
        JSON,
        """
        {"id":"%s","uuid":"%s","version":"1.4.9","cpu":"Some processor, 3.2GHz, 8/4 cores",
        "memory":"15.9GB","os":"linux / Debian GNU/Linux 12","hostname":"desk-%d",
        "username":"user"}
        """
            .formatted(RegisteredIds.id(device), uuid(device), device));
  }

  private static byte[] login() {
    return ApiConnection.post(
        "/api/login",
        JSON,
        """
        {"username":"bench","password":"correct horse","id":"%s","uuid":"%s","autoLogin":true,
        "type":"account","deviceInfo":{"os":"linux","type":"client","name":"desk"}}
        """
            .formatted(RegisteredIds.id(0), uuid(0)));
  }

  /** Sends each request once. */
  private static Figures once(MeasuredServer node, int port, byte[][] requests)
      throws IOException, InterruptedException {
    AtomicInteger next = new AtomicInteger();
    return ask(
        node,
        port,
        CONNECTIONS,
        connection -> {
          int sent = 0;
          for (int i = next.getAndIncrement(); i < requests.length; i = next.getAndIncrement()) {
            require(connection.ask(requests[i]));
            sent++;
          }
          return sent;
        });
  }

  /**
   * Sends requests for a time.
   *
   * @param rate how many a second; 0 for as many as are answered
   */
  private static Figures run(
      MeasuredServer node,
      int port,
      int connections,
      Duration time,
      int rate,
      IntFunction<byte[]> request)
      throws IOException, InterruptedException {
    AtomicInteger next = new AtomicInteger();
    long start = System.nanoTime();
    return ask(
        node,
        port,
        connections,
        connection -> {
          int sent = 0;
          while (System.nanoTime() - start < time.toNanos()) {
            int i = next.getAndIncrement();
            if (rate > 0) {
              LockSupport.parkNanos(
                  start + i * Duration.ofSeconds(1).toNanos() / rate - System.nanoTime());
            }
            require(connection.ask(request.apply(i)));
            sent++;
          }
          return sent;
        });
  }

  /** What one connection does; returns how many requests it sent. */
  @FunctionalInterface
  private interface Sender {
    int send(ApiConnection connection) throws IOException;
  }

  private static Figures ask(MeasuredServer node, int port, int connections, Sender sender)
      throws IOException, InterruptedException {
    double cpu = node.cpuSeconds();
    long start = System.nanoTime();
    int sent = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
      List<Future<Integer>> all = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        all.add(
            threads.submit(() -> {
              try (ApiConnection connection = new ApiConnection(port)) {
                return sender.send(connection);
              }
            }));
      }
      for (Future<Integer> one : all) {
        sent += one.get();
      }
    } catch (ExecutionException e) {
      throw new IOException("a request was not answered well", e.getCause());
    }
    return new Figures(sent, (System.nanoTime() - start) / 1e9, node.cpuSeconds() - cpu);
  }

  private static void require(ApiConnection.Answer answer) {
    if (answer.status() != OK) {
      throw new EnvironmentException(
          "the API answered %d: %s".formatted(answer.status(), answer.body()));
    }
  }
}
