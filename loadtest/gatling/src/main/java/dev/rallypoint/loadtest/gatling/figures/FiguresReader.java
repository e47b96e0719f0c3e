package dev.rallypoint.loadtest.gatling.figures;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rallypoint.loadtest.gatling.figures.Limit.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads what {@link FiguresJson} has written. */
public final class FiguresReader {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final long MOST_BYTES = 64L << 20;

  private FiguresReader() {}

  /**
   * The figures of a run.
   *
   * @throws IOException when the file cannot be read or is none of ours; the text is one line
   */
  public static RunResult read(Path file) throws IOException {
    if (Files.size(file) > MOST_BYTES) {
      throw new IOException(file + ": no figures: too large");
    }
    try {
      return run(MAPPER.readTree(file.toFile()));
    } catch (IOException | RuntimeException e) {
      String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new IOException(file + ": no figures: " + why, e);
    }
  }

  private static RunResult run(JsonNode root) throws IOException {
    if (!root.path("requests").isObject()) {
      throw new IOException("no requests");
    }
    Map<String, RequestSummary> requests = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : root.path("requests").properties()) {
      if (requests.size() > Figures.MOST_NAMES) {
        throw new IOException("too many request names");
      }
      requests.put(entry.getKey(), summary(entry.getValue()));
    }
    Map<Counter, Long> counters = new EnumMap<>(Counter.class);
    for (Counter counter : Counter.values()) {
      counters.put(counter, root.path("counters").path(counter.text()).asLong());
    }
    List<Verdict> verdicts = new ArrayList<>();
    for (JsonNode limit : root.path("limits")) {
      verdicts.add(verdict(limit));
    }
    return new RunResult(
        root.path("simulation").asText(),
        Instant.parse(root.path("started").asText()),
        seconds(root.path("seconds")),
        seconds(root.path("generatorCpuSeconds")),
        root.path("exitCode").asInt(),
        requests,
        counters,
        verdicts);
  }

  private static RequestSummary summary(JsonNode node) throws IOException {
    Map<String, Long> reasons = new TreeMap<>();
    node.path("reasons")
        .properties()
        .forEach(reason -> reasons.put(reason.getKey(), reason.getValue().asLong()));
    return new RequestSummary(HistogramText.decode(node.path("histogram").asText()), reasons);
  }

  private static Verdict verdict(JsonNode node) {
    Limit limit =
        new Limit(
            node.path("request").asText(),
            Measure.valueOf(node.path("measure").asText()),
            node.path("bound").asDouble());
    return new Verdict(
        limit, node.path("measured").asDouble(Double.NaN), node.path("held").asBoolean());
  }

  private static Duration seconds(JsonNode node) {
    return Duration.ofMillis(Math.round(node.asDouble() * 1000));
  }
}
