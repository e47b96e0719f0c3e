package dev.rallypoint.app.cli.manage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rallypoint.app.management.ManagementClient;
import picocli.CommandLine.Command;

/** Ends the drain of the node on this machine. */
@Command(
    name = "undrain",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Let the node on this machine take clients again, after 'drain'.",
    description = {
      "",
      "Opens the relay's ports again and tells the other nodes. Changes nothing when the node does not",
      "drain.",
      ""
    },
    footer = {
      "",
      "Exit codes: 0 the node takes clients; 1 it does not, because there is no answer or a port is",
      "another program's by now; 2 a bad flag or setting."
    })
public final class UndrainCommand extends AskingCommand {

  /** The command. */
  public UndrainCommand(ManageContext context) {
    super(context);
  }

  @Override
  int run(ManagementClient node) {
    JsonNode progress = node.delete("/v1/drain");
    if (isJson()) {
      print(progress);
    } else {
      out().println("the node takes clients");
    }
    return 0;
  }
}
