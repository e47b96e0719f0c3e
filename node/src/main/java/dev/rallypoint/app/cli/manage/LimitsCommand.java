package dev.rallypoint.app.cli.manage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rallypoint.app.management.ManagementClient;
import dev.rallypoint.config.SettingException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows and changes what holds for all nodes. */
@Command(
    name = "limits",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Show or change lists, bandwidth limits and relays for all nodes.",
    description = {
      "",
      "A change holds on every node at once and is kept over restarts. A wrong value changes nothing.",
      "'reset' gives a limit back to each node's own setting, and empties a list.",
      "",
      "  always-use-relay       Y or N: no two clients connect directly",
      "  relay-servers          relays handed to clients, with commas; - for none",
      "  blocklist, blacklist   ips and networks that the relay refuses, or relays slowly",
      "  single-bandwidth, total-bandwidth, limit-speed   Mb/s",
      "  downgrade-threshold, downgrade-start-check       a share, and seconds",
      ""
    },
    footer = {
      "",
      "Exit codes: 0 answered or changed, 1 no answer or not changed, 2 a bad flag or setting.",
      "",
      "For example:",
      "  rallypoint limits",
      "  rallypoint limits total-bandwidth 500",
      "  rallypoint limits total-bandwidth reset",
      "  rallypoint limits blocklist add 203.0.113.7 198.51.100.0/24"
    })
public final class LimitsCommand extends AskingCommand {
  private static final String RESET = "reset";

  @Parameters(
      arity = "0..*",
      paramLabel = "NAME [VALUE|reset|add IP...|remove IP...]",
      hideParamSyntax = true,
      description = "Nothing: all limits. A name: that one. With more: change it.")
  private List<String> words = List.of();

  /** The command. */
  public LimitsCommand(ManageContext context) {
    super(context);
  }

  @Override
  int run(ManagementClient client) {
    if (words.size() < 2) {
      return show(client.get("/v1/limits"), words.isEmpty() ? "" : words.getFirst());
    }
    JsonNode answer = client.put("/v1/limits/" + encoded(words.getFirst()), change());
    if (isJson()) {
      print(answer);
    } else {
      line(answer.path("limit"));
    }
    answer.path("refusals").forEach(one -> warn("not in force on node " + one.asText()));
    warnOfMissing(answer);
    return answer.path("refusals").isEmpty() ? 0 : 1;
  }

  private Object change() {
    List<String> rest = words.subList(1, words.size());
    return switch (rest.getFirst()) {
      case RESET -> Map.of("value", "");
      case "add", "remove" -> {
        if (rest.size() < 2) {
          throw new SettingException(words.getFirst(), "", "write the ips or networks behind it");
        }
        yield Map.of(rest.getFirst(), rest.subList(1, rest.size()));
      }
      default -> Map.of("value", String.join(",", rest));
    };
  }

  private int show(JsonNode answer, String name) {
    boolean isFound = name.isEmpty();
    if (isJson() && name.isEmpty()) {
      print(answer);
      return 0;
    }
    for (JsonNode limit : answer.path("limits")) {
      if (name.isEmpty() || limit.path("name").asText().equals(name)) {
        isFound = true;
        if (isJson()) {
          print(limit);
        } else {
          line(limit);
        }
      }
    }
    if (!isFound) {
      throw new SettingException("limits", name, "there is no such limit; see --help");
    }
    return 0;
  }

  private void line(JsonNode limit) {
    String value = limit.path("value").asText();
    long entries = value.isEmpty() ? 0 : value.lines().count();
    out()
        .printf(
            "%-22s %s%s%n",
            limit.path("name").asText(),
            value.isEmpty() ? "-" : entries > 1 ? entries + " lines" : value,
            limit.path("is_shared").asBoolean()
                ? "  (for all nodes, since "
                    + TextRows.minute(limit.path("changed").asText(""))
                    + ")"
                : "  (this node's own)");
    if (entries > 1) {
      value.lines().forEach(entry -> out().println("  " + entry));
    }
  }
}
