package dev.rallypoint.app.cli.manage;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;

/**
 * What the live screen shows of one look at the cluster.
 *
 * @param nodes the answer of {@code /v1/nodes}
 * @param sessions the answer of {@code /v1/sessions}
 */
record TopScreen(JsonNode nodes, JsonNode sessions) {

  /**
   * The lines of the screen.
   *
   * @param before the look before this one, or this one itself when it is the first
   * @param seconds between the two; 0 for the first
   */
  List<String> lines(TopScreen before, double seconds) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    out.printf(
        Locale.ROOT,
        "%s  %s  %s punches/s  %s  %s MB/s%n%n",
        count(nodes.path("nodes").size(), "node"),
        count(sum("peers"), "peer"),
        rate(sum("punches") - before.sum("punches"), seconds),
        count(sessions.path("all").asLong(), "relayed session"),
        TextRows.megabytes(sum("bytes_per_second")));
    NodesCommand.rows(nodes).print(out);
    out.println();
    SessionsCommand.rows(sessions).print(out);
    nodes.path("missing").forEach(node -> out.println("no answer from node " + node.asText()));
    return text.toString().lines().toList();
  }

  private static String count(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  /** A node that was started again counts from zero. */
  private static String rate(long more, double seconds) {
    return seconds <= 0 || more < 0 ? "-" : String.format(Locale.ROOT, "%.1f", more / seconds);
  }

  private long sum(String what) {
    long sum = 0;
    for (JsonNode node : nodes.path("nodes")) {
      sum += node.path("work").path(what).asLong();
    }
    return sum;
  }
}
