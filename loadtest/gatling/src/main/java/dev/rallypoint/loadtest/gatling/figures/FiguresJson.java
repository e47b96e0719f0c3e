package dev.rallypoint.loadtest.gatling.figures;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rallypoint.loadtest.gatling.figures.Limit.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.DataFormatException;
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
    try {
      Map<String, RequestSummary> requests = new TreeMap<>();
      for (Map.Entry<String, JsonNode> entry :
          MAPPER.readTree(file.toFile()).path("requests").properties()) {
        requests.put(entry.getKey(), summary(entry.getValue()));
      }
      return requests;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The run of a file that {@link #write} made, without its limits. */
  public static RunResult read(Path file) {
    try {
      JsonNode root = MAPPER.readTree(file.toFile());
      Map<Counter, Long> counters = new EnumMap<>(Counter.class);
      for (Counter counter : Counter.values()) {
        counters.put(counter, root.path("counters").path(counter.text()).asLong());
      }
      return new RunResult(
          root.path("simulation").asText(),
          Instant.parse(root.path("started").asText()),
          seconds(root.path("seconds")),
          seconds(root.path("generatorCpuSeconds")),
          root.path("exitCode").asInt(),
          readRequests(file),
          counters,
          List.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Duration seconds(JsonNode number) {
    return Duration.ofMillis(Math.round(number.asDouble() * 1000));
  }

  private static RequestSummary summary(JsonNode node) throws IOException {
    Map<String, Long> reasons = new TreeMap<>();
    node.path("reasons")
        .properties()
        .forEach(reason -> reasons.put(reason.getKey(), reason.getValue().asLong()));
    byte[] bytes = Base64.getDecoder().decode(node.path("histogram").asText());
    try {
      return new RequestSummary(
          Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(bytes), 1), reasons);
    } catch (DataFormatException | RuntimeException e) {
      throw new IOException("not a histogram", e);
    }
  }

  private static String encode(Histogram histogram) {
    ByteBuffer target = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
    int length = histogram.encodeIntoCompressedByteBuffer(target);
    return Base64.getEncoder().encodeToString(Arrays.copyOf(target.array(), length));
  }
}
