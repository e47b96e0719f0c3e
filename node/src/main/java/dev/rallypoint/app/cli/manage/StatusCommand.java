package dev.rallypoint.app.cli.manage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rallypoint.app.management.ManagementClient;
import picocli.CommandLine.Command;

/** Shows the cluster in a few lines. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Show in a few lines what the cluster does.",
    description = {
      "",
      "The sums are over all nodes that answer; a relay session over two nodes counts once. 'stored' are",
      "the ids in the database, 'online' those that are registered now. Punches, registrations and",
      "refusals are counted since each node's start.",
      ""
    },
    footer = {
      "",
      "Exit codes: 0 answered, 1 no answer from the node of --data, 2 a bad flag or setting.",
      "",
      "For example:",
      "  rallypoint status --data /var/lib/rallypoint --json"
    })
public final class StatusCommand extends AskingCommand {

  /** The command. */
  public StatusCommand(ManageContext context) {
    super(context);
  }

  @Override
  int run(ManagementClient client) {
    JsonNode answer = client.get("/v1/status");
    if (isJson()) {
      print(answer);
      return 0;
    }
    JsonNode work = answer.path("work");
    int missing = answer.path("missing").size();
    line("node", answer.path("node").asText());
    line("version", answer.path("version").asText());
    line("since", TextRows.minute(answer.path("since").asText("")));
    line(
        "nodes",
        answer.path("nodes").asText() + (missing > 0 ? ", " + missing + " without an answer" : ""));
    line(
        "peers",
        "%d online, %s stored"
            .formatted(
                work.path("peers").asLong(),
                answer.path("peers_stored").asText("not known how many")));
    line(
        "sessions",
        "%d relayed, %s MB/s"
            .formatted(
                work.path("sessions").asLong(),
                TextRows.megabytes(work.path("bytes_per_second").asLong())));
    line("punches", work.path("punches").asText());
    line("registrations", work.path("registrations").asText());
    line("refusals", work.path("refusals").asText());
    warnOfMissing(answer);
    return 0;
  }

  private void line(String name, String value) {
    out().printf("%-14s %s%n", name, value);
  }
}
