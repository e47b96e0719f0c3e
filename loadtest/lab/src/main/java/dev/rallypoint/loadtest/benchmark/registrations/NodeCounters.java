package dev.rallypoint.loadtest.benchmark.registrations;

import dev.rallypoint.loadtest.environment.EnvironmentException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.TreeMap;

/** The counters of a node, from its management port. */
final class NodeCounters {
  private NodeCounters() {}

  /** All samples whose value is not 0, by name and labels. */
  static Map<String, Double> read(int managementPort) {
    URI metrics = URI.create("http://127.0.0.1:" + managementPort + "/metrics");
    try (HttpClient client = HttpClient.newHttpClient()) {
      String text =
          client
              .send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
              .body();
      Map<String, Double> samples = new TreeMap<>();
      for (String line : text.split("\n")) {
        int space = line.lastIndexOf(' ');
        if (!line.startsWith("#") && space > 0) {
          double value = Double.parseDouble(line.substring(space + 1));
          if (value != 0) {
            samples.put(line.substring(0, space), value);
          }
        }
      }
      return samples;
    } catch (IOException e) {
      throw new EnvironmentException("no answer from " + metrics + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentException("interrupted", e);
    }
  }
}
