package dev.rallypoint.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rallypoint.app.management.ManagementClient;
import dev.rallypoint.app.management.ManagementClient.NoAnswerException;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Ends the drain of the node on this machine. */
@Command(
    name = "undrain",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Let the node on this machine take clients again, after 'drain'.",
    description = {
      "",
      "Opens the relay's ports again and tells the other nodes. Changes nothing when the node does",
      "not drain. Takes the settings of 'serve', to find the node's management port and token.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the node takes clients",
      "1:it does not: there is no answer, or a port is another program's by now",
      "2:a bad setting, file or flag"
    })
final class UndrainCommand implements Callable<Integer> {
  private final CommandContext context;

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--json", order = 100, description = "Print what the node answers as JSON.")
  private boolean json;

  UndrainCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    try (ManagementClient node =
        ManagementClient.of(
            ServeFlags.sources(Objects.requireNonNull(spec), context).load().node())) {
      JsonNode progress = node.delete("/v1/drain");
      context.out().println(json ? progress.toString() : "the node takes clients");
      return 0;
    } catch (NoAnswerException e) {
      context.err().println("rallypoint: " + e.getMessage());
      return 1;
    }
  }
}
