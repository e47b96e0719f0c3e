package dev.rallypoint.app.cli.manage;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** What the management port tells of a drain, for people. */
final class DrainText {
  private DrainText() {}

  /** The lines for an answer of {@code /v1/drain} of a node that drains. */
  static List<String> lines(JsonNode progress) {
    return List.of(
        "the node drains since " + progress.path("since").asText(),
        "relay sessions: " + count(progress, "relay_sessions") + end(progress),
        "peers at home:  "
            + count(progress, "peers_at_home")
            + "; they move within half a minute when the node is stopped",
        "links:          " + count(progress, "links") + "; as the peers");
  }

  private static String end(JsonNode progress) {
    return progress.path("drained").asBoolean() ? "; the node can be stopped now" : "";
  }

  private static int count(JsonNode progress, String name) {
    return progress.path(name).asInt();
  }
}
