package dev.rallypoint.app.cli.manage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rallypoint.app.management.LogLevelRoute;
import dev.rallypoint.app.management.ManagementClient;
import dev.rallypoint.app.management.ManagementClient.NoAnswerException;
import dev.rallypoint.config.SettingException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

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
      "Exit codes: 0 done, 1 no answer from the node, 2 an unknown area or level, a bad flag or setting."
    })
public final class LogLevelCommand extends AskingCommand {
  private static final String PATH = "/v1/log-level";
  private static final int BAD_REQUEST = 400;

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

  /** The command. */
  public LogLevelCommand(ManageContext context) {
    super(context);
  }

  @Override
  int run(ManagementClient node) {
    if (area != null && level == null) {
      throw new SettingException("log-level", area, "write a level after it");
    }
    try {
      show(area == null ? node.get(PATH) : node.post(PATH, new LogLevelRoute.Change(area, level)));
      return 0;
    } catch (NoAnswerException e) {
      if (e.status() != BAD_REQUEST) {
        throw e;
      }
      refuse(String.valueOf(e.getMessage()));
      return 2;
    }
  }

  private void show(JsonNode answer) {
    if (isJson()) {
      print(answer);
      return;
    }
    answer
        .path("levels")
        .properties()
        .forEach(each -> out().printf("%-22s %s%n", each.getKey(), each.getValue().asText()));
  }
}
