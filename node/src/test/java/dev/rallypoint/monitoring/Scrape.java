package dev.rallypoint.monitoring;

import dev.rallypoint.testing.TestNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a node's {@code /metrics} has at one moment. */
record Scrape(Map<String, Family> families, Map<String, Double> samples) {
  private static final Pattern HELP = Pattern.compile("# HELP (\\S+) (.*)");
  private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
  private static final Pattern SAMPLE = Pattern.compile("([a-z_A-Z0-9:]+)(?:\\{(.*)})? (\\S+)");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"[^\"]*\"");

  /** One metric: its type, the names of its labels with commas, and its HELP text. */
  record Family(String type, String labels, String help) {}

  /** Asks a node. */
  static Scrape of(TestNode node) throws IOException, InterruptedException {
    URI uri = URI.create("http://" + node.ip() + ":" + (node.port() + 5) + "/metrics");
    try (HttpClient client = HttpClient.newHttpClient()) {
      return parsed(
          client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body());
    }
  }

  static Scrape parsed(String text) {
    Map<String, String> helps = new HashMap<>();
    Map<String, String> types = new TreeMap<>();
    Map<String, TreeSet<String>> labels = new HashMap<>();
    Map<String, Double> samples = new HashMap<>();
    String family = "";
    for (String line : text.lines().toList()) {
      Matcher help = HELP.matcher(line);
      Matcher type = TYPE.matcher(line);
      Matcher sample = SAMPLE.matcher(line);
      if (help.matches()) {
        helps.put(help.group(1), help.group(2));
      } else if (type.matches()) {
        family = type.group(1);
        types.put(family, type.group(2));
      } else if (sample.matches()) {
        TreeSet<String> names = labels.computeIfAbsent(family, unused -> new TreeSet<>());
        String labelled = sample.group(2) == null ? "" : sample.group(2);
        LABEL.matcher(labelled).results().map(found -> found.group(1)).forEach(names::add);
        samples.put(
            sample.group(1) + (labelled.isEmpty() ? "" : "{" + labelled + "}"),
            Double.valueOf(sample.group(3).replace("Inf", "Infinity")));
      }
    }
    Map<String, Family> families = new TreeMap<>();
    types.forEach((name, type) -> {
      TreeSet<String> names = labels.getOrDefault(name, new TreeSet<>());
      names.removeAll(List.of("le", "quantile"));
      families.put(name, new Family(type, String.join(", ", names), helps.getOrDefault(name, "")));
    });
    return new Scrape(families, samples);
  }

  /** The rows of the table in the page about metrics. */
  List<String> rows() {
    List<String> rows = new ArrayList<>();
    families.forEach((name, family) ->
        rows.add(
            "| `%s` | %s | %s | %s |"
                .formatted(name, family.type(), family.labels(), family.help())
                .replace("  ", " ")));
    return rows;
  }

  /** The names of the time series: of a histogram three, of all others one. */
  List<String> series() {
    return families.entrySet().stream()
        .flatMap(entry ->
            switch (entry.getValue().type()) {
              case "histogram" ->
                  List.of("_bucket", "_sum", "_count").stream()
                      .map(suffix -> entry.getKey() + suffix);
              case "summary" ->
                  List.of("", "_sum", "_count").stream().map(suffix -> entry.getKey() + suffix);
              default -> List.of(entry.getKey()).stream();
            })
        .toList();
  }

  /** The value of a series, such as {@code name{label="value"}}; 0 where there is none. */
  double of(String series) {
    return samples.getOrDefault(series, 0.0);
  }
}
