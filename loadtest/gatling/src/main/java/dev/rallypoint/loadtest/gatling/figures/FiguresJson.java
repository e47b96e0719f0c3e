package dev.rallypoint.loadtest.gatling.figures;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rallypoint.loadtest.gatling.figures.Limit.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * The figures of a run as JSON: counts by request name and reason, times in microseconds, and each
 * histogram in HdrHistogram's compressed form in base64, so that those of several generators can be
 * added exactly.
 */
public final class FiguresJson {
  /** The name of the file beside the report. */
  public static final String FILE = "figures.json";

  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private FiguresJson() {}

  /** Writes the figures of a run to a file. */
  public static void write(RunResult run, Path file) {
    try {
      MAPPER.writeValue(file.toFile(), tree(run));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The figures of a run as a tree. */
  static ObjectNode tree(RunResult run) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("simulation", run.simulation());
    root.put("started", run.started().toString());
    root.put("seconds", run.took().toMillis() / 1000.0);
    root.put("generatorCpuSeconds", run.cpu().toMillis() / 1000.0);
    root.put("exitCode", run.exitCode());
    ObjectNode requests = root.putObject("requests");
    run.requests().forEach((name, summary) -> requests.set(name, request(summary)));
    ObjectNode counters = root.putObject("counters");
    run.counters().forEach((counter, sum) -> counters.put(counter.text(), sum));
    for (Verdict verdict : run.verdicts()) {
      ObjectNode limit = root.withArray("limits").addObject();
      limit.put("limit", verdict.limit().toString());
      limit.put("request", verdict.limit().request());
      limit.put("measure", verdict.limit().measure().name());
      limit.put("bound", verdict.limit().bound());
      if (!Double.isNaN(verdict.value())) {
        limit.put("measured", verdict.value());
      }
      limit.put("held", verdict.held());
    }
    return root;
  }

  private static ObjectNode request(RequestSummary summary) {
    ObjectNode node = MAPPER.createObjectNode();
    node.put("ok", summary.ok());
    node.put("ko", summary.ko());
    ObjectNode reasons = node.putObject("reasons");
    summary.reasons().forEach(reasons::put);
    if (summary.ok() > 0) {
      ObjectNode micros = node.putObject("micros");
      micros.put("min", summary.micros().getMinNonZeroValue());
      micros.put("mean", Math.round(summary.micros().getMean()));
      micros.put("p50", summary.percentile(50));
      micros.put("p95", summary.percentile(95));
      micros.put("p99", summary.percentile(99));
      micros.put("p99.9", summary.percentile(99.9));
      micros.put("max", summary.micros().getMaxValue());
    }
    node.put("histogram", encode(summary.micros()));
    return node;
  }

  /** The requests of a file that {@link #write} made. */
  public static Map<String, RequestSummary> readRequests(Path file) {
    return read(file).requests();
  }

  /** The run of a file that {@link #write} made; {@link FiguresReader} tells what is wrong. */
  public static RunResult read(Path file) {
    try {
      return FiguresReader.read(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String encode(Histogram histogram) {
    ByteBuffer target = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
    int length = histogram.encodeIntoCompressedByteBuffer(target);
    return Base64.getEncoder().encodeToString(Arrays.copyOf(target.array(), length));
  }
}
