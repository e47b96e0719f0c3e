package dev.rallypoint.app.cli.manage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rallypoint.app.management.ManagementClient;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;

/** Lists the nodes of the cluster. */
@Command(
    name = "nodes",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "List the nodes of the cluster.",
    description = {
      "",
      "The node of --data asks all others, the oldest is first. STATE is up, draining (it takes no new",
      "relay sessions), unreachable, or what a node is on its way in or out: joining, leaving, exiting,",
      "down. A node that does not answer within three seconds has no version. * marks the leader, which",
      "confirms nodes that join and leave.",
      ""
    },
    footer = {
      "",
      "Exit codes: 0 answered, 1 no answer from the node of --data, 2 a bad flag or setting.",
      "",
      "For example:",
      "  rallypoint nodes --data /var/lib/rallypoint"
    })
public final class NodesCommand extends AskingCommand {

  /** The command. */
  public NodesCommand(ManageContext context) {
    super(context);
  }

  @Override
  int run(ManagementClient client) {
    JsonNode answer = client.get("/v1/nodes");
    if (isJson()) {
      print(answer);
      return 0;
    }
    rows(answer).print(out());
    warnOfMissing(answer);
    return 0;
  }

  static TextRows rows(JsonNode answer) {
    TextRows rows =
        new TextRows("NODE", "STATE", "ROLES", "VERSION", "SINCE", "PEERS", "SESSIONS", "MB/S");
    for (JsonNode node : answer.path("nodes")) {
      JsonNode work = node.path("work");
      rows.add(
          node.path("node").asText() + (node.path("is_leader").asBoolean() ? " *" : ""),
          node.path("state").asText(),
          StreamSupport.stream(node.path("roles").spliterator(), false)
              .map(JsonNode::asText)
              .collect(Collectors.joining(",")),
          node.path("version").asText("-"),
          TextRows.minute(node.path("since").asText("")),
          work.path("peers").asText("-"),
          work.path("sessions").asText("-"),
          work.isMissingNode() ? "-" : TextRows.megabytes(work.path("bytes_per_second").asLong()));
    }
    return rows;
  }
}
