package dev.rallypoint.app.cli.manage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rallypoint.app.management.ManagementClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Ends a relay session. */
@Command(
    name = "cut",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "End a relay session, on whatever nodes it is.",
    description = {
      "",
      "Both clients see that the connection was closed, and may connect again: where that is not wanted,",
      "'rallypoint limits blocklist add IP' first. The log of each node that had a part of it says so.",
      ""
    },
    footer = {"", "Exit codes: 0 ended, 1 no node has it or no answer, 2 a bad flag or setting."})
public final class CutCommand extends AskingCommand {

  @Parameters(paramLabel = "UUID", description = "The session, as 'rallypoint sessions' names it.")
  private String uuid = "";

  /** The command. */
  public CutCommand(ManageContext context) {
    super(context);
  }

  @Override
  int run(ManagementClient client) {
    JsonNode answer = client.delete("/v1/sessions/" + encoded(uuid));
    if (isJson()) {
      print(answer);
      return 0;
    }
    answer.path("nodes").forEach(node -> out().println("ended on " + node.asText()));
    warnOfMissing(answer);
    return 0;
  }
}
