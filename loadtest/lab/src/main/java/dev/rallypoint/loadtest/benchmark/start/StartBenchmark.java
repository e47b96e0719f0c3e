package dev.rallypoint.loadtest.benchmark.start;

import dev.rallypoint.loadtest.benchmark.report.Benchmark;
import dev.rallypoint.loadtest.benchmark.report.BenchmarkOptions;
import dev.rallypoint.loadtest.benchmark.report.Medians;
import dev.rallypoint.loadtest.benchmark.report.Row;
import dev.rallypoint.loadtest.environment.FreePorts;
import dev.rallypoint.loadtest.environment.NodeProcess;
import dev.rallypoint.loadtest.environment.ProcessFigures;
import dev.rallypoint.loadtest.environment.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The start of a node alone in a new folder. A peer sends it a heartbeat every 20 ms from the
 * beginning; once it is ready the peer is called, and asks by WebSocket.
 */
public final class StartBenchmark implements Benchmark {
  private static final int PORTS = 8;
  private static final Duration BETWEEN_BEATS = Duration.ofMillis(20);
  private static final Duration LONGEST_START = Duration.ofSeconds(60);
  private static final double MILLIS = 1e6;
  private static final double MEGABYTES = 1e6;

  @Override
  public String name() {
    return "start";
  }

  @Override
  public String description() {
    return "A node alone from its start to its first answers, and its memory when it idles.";
  }

  @Override
  public List<Row> run(BenchmarkOptions options) throws IOException, InterruptedException {
    int idle = options.size(1, 60);
    return Medians.of(options, () -> once(options.launcher(), idle));
  }

  private static List<Row> once(Path launcher, int idleSeconds)
      throws IOException, InterruptedException {
    Path folder = TemporaryFolder.create("bench");
    int port = FreePorts.first(PORTS) + 2;
    long begin = System.nanoTime();
    try (NodeProcess node =
            NodeProcess.start(
                new NodeProcess.Start(
                    List.of(),
                    launcher,
                    Files.createDirectories(folder.resolve("data")),
                    List.of("port=" + port, "bind=127.0.0.1"),
                    Map.of(),
                    folder.resolve("node.log")));
        FirstRequests peer = new FirstRequests(port)) {
      List<Row> rows = new ArrayList<>();
      while (!peer.beat(BETWEEN_BEATS)) {
        if (System.nanoTime() - begin > LONGEST_START.toNanos()) {
          throw new IOException("no answer within " + LONGEST_START);
        }
        TimeUnit.MILLISECONDS.sleep(1); // a port that is closed is said at once
      }
      rows.add(
          Row.of("start to first answer", (System.nanoTime() - begin) / MILLIS, "ms")
              .atMost(1500)
              .inChart("Start to first answer"));
      rows.add(
          Row.of("CPU until then", ProcessFigures.cpu(node.pid()), "s")
              .atMost(2.5)
              .inChart("CPU of a start"));
      String key = node.awaitKey();
      rows.add(Row.of("start to ready", (System.nanoTime() - begin) / MILLIS, "ms"));
      peer.register();
      rows.add(Row.of("first punch", peer.punch(key) / MILLIS, "ms").atMost(20));
      rows.add(Row.of("second punch", peer.punch(key) / MILLIS, "ms"));
      rows.add(Row.of("first WebSocket request", peer.webSocket() / MILLIS, "ms"));
      rows.add(Row.of("second WebSocket request", peer.webSocket() / MILLIS, "ms"));
      TimeUnit.SECONDS.sleep(idleSeconds);
      rows.add(
          Row.of("anonymous memory at idle", ProcessFigures.anonymous(node.pid()) / MEGABYTES, "MB")
              .atMost(150)
              .inChart("Memory at idle"));
      rows.add(Row.of("resident memory at idle", ProcessFigures.rss(node.pid()) / MEGABYTES, "MB"));
      return rows;
    } finally {
      TemporaryFolder.delete(folder);
    }
  }
}
