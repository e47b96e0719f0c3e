package dev.rallypoint.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rallypoint.app.management.LogLevelRoute;
import dev.rallypoint.app.management.ManagementClient;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows and changes how much the log of the node on this machine tells. */
@Command(
    name = "log-level",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Show or change how much the log of the running node tells.",
    description = {
      "",
      "Asks the node on this machine by its management port. A change lasts until the node ends;",
      "the setting log-level is for good. Without AREA and LEVEL it prints the level of each area.",
      ""
    },
    footer = {
      "",
      "For example, all registrations for a while:",
      "  rallypoint log-level access.registered DEBUG --data /var/lib/rallypoint",
      "  rallypoint log-level access.registered DEFAULT --data /var/lib/rallypoint",
      "",
      "Exit codes: 0 done; 1 no answer from the node; 2 an unknown area or level, a bad setting."
    })
final class LogLevelCommand implements Callable<Integer> {
  private static final String PATH = "/v1/log-level";
  private static final int BAD_REQUEST = 400;

  private final CommandContext context;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..1",
      index = "0",
      paramLabel = "AREA",
      description = "Such as access.punch, relay, cluster; all for every other area.")
  private @Nullable String area;

  @Parameters(
      arity = "0..1",
      index = "1",
      paramLabel = "LEVEL",
      description = "TRACE, DEBUG, INFO, WARN, ERROR, OFF, or DEFAULT for that of the area above.")
  private @Nullable String level;

  @Option(names = "--json", description = "Print the answer as JSON.")
  private boolean isJson;

  LogLevelCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (area != null && level == null) {
      context.err().println("rallypoint: log-level " + area + " = no level: write one after it");
      return 2;
    }
    try (ManagementClient node =
        ManagementClient.of(
            ServeFlags.sources(Objects.requireNonNull(spec), context).load().node())) {
      print(area == null ? node.get(PATH) : node.post(PATH, new LogLevelRoute.Change(area, level)));
      return 0;
    } catch (ManagementClient.NoAnswerException e) {
      context.err().println("rallypoint: " + e.getMessage());
      return e.status() == BAD_REQUEST ? 2 : 1;
    }
  }

  private void print(JsonNode answer) {
    if (isJson) {
      context.out().println(answer);
      return;
    }
    answer
        .path("levels")
        .properties()
        .forEach(
            each -> context.out().printf("%-22s %s%n", each.getKey(), each.getValue().asText()));
  }
}
