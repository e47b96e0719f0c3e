package dev.rallypoint.loadtest.benchmark.memory;

import dev.rallypoint.loadtest.benchmark.report.Benchmark;
import dev.rallypoint.loadtest.benchmark.report.BenchmarkOptions;
import dev.rallypoint.loadtest.benchmark.report.Row;
import dev.rallypoint.loadtest.benchmark.server.MeasuredServer;
import dev.rallypoint.loadtest.environment.ProcessFigures;
import dev.rallypoint.loadtest.environment.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * What a node's memory is used for: a minute after its start without peers, and with stored peers
 * that have registered by RegisterPk. Each number of peers is one node of its own. The heap is what
 * is live after a full collection, by {@code jcmd}; anonymous memory is what no file has. One run:
 * the figures hardly differ. {@code JAVA_OPTS} is the node's too, for another collector.
 */
public final class MemoryBenchmark implements Benchmark {
  private static final double MIB = 1 << 20;
  private static final double MOST_FOR_A_PEER = 1_200;
  private static final double MOST_HEAP = 1_600;
  private static final double MOST_IDLE = 150;
  private static final int MILLION = 1_000_000;

  /** Seconds until the timeouts of answered questions have left the node's scheduler. */
  private static final int REST = 30;

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public String description() {
    return "Heap and memory of the process at 0, 100,000 and 1,000,000 registered peers";
  }

  @Override
  public List<Row> run(BenchmarkOptions options) throws IOException, InterruptedException {
    List<Row> rows = new ArrayList<>();
    long empty = measure(options, 0, 0, rows);
    measure(options, options.size(1_000, 100_000), empty, rows);
    if (!options.isQuick()) {
      measure(options, MILLION, empty, rows);
    }
    return rows;
  }

  /** The heap with so many peers. */
  private static long measure(BenchmarkOptions options, int peers, long empty, List<Row> rows)
      throws IOException, InterruptedException {
    Path folder = TemporaryFolder.create("bench-memory");
    try (MeasuredServer first = MeasuredServer.nodeIn(folder, options.launcher())) {
      options.progress().accept("%,d peers".formatted(peers));
      if (peers == 0) {
        TimeUnit.SECONDS.sleep(options.size(1, 60));
        double idle = first.anonymousMemory() / MIB;
        rows.add(figure("anonymous memory, idle", idle, "MiB").atMost(MOST_IDLE));
        rows.add(figure("resident memory, idle", first.rss() / MIB, "MiB"));
        return heap(first);
      }
    } catch (RuntimeException | IOException e) {
      TemporaryFolder.delete(folder);
      throw e;
    }
    return withPeers(options, folder, peers, empty, rows);
  }

  private static long withPeers(
      BenchmarkOptions options, Path folder, int peers, long empty, List<Row> rows)
      throws IOException, InterruptedException {
    RegisteredIds.store(folder, peers, "127.0.0.1");
    try (MeasuredServer node = MeasuredServer.nodeIn(folder, options.launcher());
        Registrations registrations = new Registrations(node.idServer())) {
      double before = node.cpuSeconds();
      registrations.registerAll(peers);
      double cpu = node.cpuSeconds() - before;
      String at = "at %,d peers".formatted(peers);
      double full = node.rss() / MIB;
      TimeUnit.SECONDS.sleep(options.size(0, REST));
      long heap = heap(node);
      Row all = figure("heap " + at, heap / MIB, "MiB");
      rows.add((peers == MILLION ? all.atMost(MOST_HEAP * 1e6 / MIB) : all).inChart("heap"));
      rows.add(
          figure("heap of a peer, " + at, (double) (heap - empty) / peers, "B")
              .atMost(MOST_FOR_A_PEER));
      rows.add(figure("resident memory " + at, full, "MiB").inChart("resident memory"));
      rows.add(figure("anonymous memory " + at, node.anonymousMemory() / MIB, "MiB"));
      rows.add(figure("CPU of a registration " + at, cpu / peers * 1e6, "us"));
      return heap;
    } finally {
      TemporaryFolder.delete(folder);
    }
  }

  private static Row figure(String name, double value, String unit) {
    return Row.of(name, value, unit);
  }

  private static long heap(MeasuredServer node) throws IOException {
    OptionalLong heap = ProcessFigures.heap(node.pid());
    return heap.orElseThrow(() -> new IOException("jcmd of a JDK tells no heap of the node"));
  }
}
