package dev.rallypoint.app.cli.manage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rallypoint.app.management.ManagementClient;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says why a client cannot reach an id. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Tell why a device can or cannot be reached.",
    description = {
      "",
      "Asks all nodes what they know of an id: where it is registered, since when and by which way, what",
      "its client said of itself, and its last refusals with their reasons. Then it tells step by step",
      "what would happen to a request for it, with the mend of what is wrong. Nothing is sent to any",
      "client. Refusals are remembered for a day, the last eight of an id and of an address.",
      ""
    },
    footer = {
      "",
      "Exit codes: 0 a request would go through, 1 it would not, or no answer, 2 a bad flag or setting.",
      "",
      "For example, why 203.0.113.7 cannot reach the device 123456789:",
      "  rallypoint explain 123456789 --from 203.0.113.7"
    })
public final class ExplainCommand extends AskingCommand {

  @Parameters(paramLabel = "ID", description = "The id that is to be reached.")
  private String id = "";

  @Option(
      names = "--from",
      paramLabel = "ID_OR_IP",
      order = 1,
      description = "Who asks: an id, or an ip.")
  private String from = "";

  @Option(
      names = "--user",
      paramLabel = "NAME",
      order = 2,
      description = "The user who asks, by an account of the HTTP API.")
  private String user = "";

  /** The command. */
  public ExplainCommand(ManageContext context) {
    super(context);
  }

  @Override
  int run(ManagementClient client) {
    JsonNode answer =
        client.get(
            "/v1/explain/%s?from=%s&user=%s".formatted(encoded(id), encoded(from), encoded(user)));
    if (isJson()) {
      print(answer);
    } else {
      show(answer);
    }
    boolean isStopped =
        StreamSupport.stream(answer.path("steps").spliterator(), false)
            .anyMatch(step -> step.path("outcome").asText().equals("FAULT"));
    return isStopped ? 1 : 0;
  }

  private void show(JsonNode answer) {
    answer
        .path("homes")
        .forEach(home ->
            out()
                .printf(
                    "%s is at %s on node %s, by %s, since %s%n",
                    id,
                    home.path("address").asText(),
                    home.path("node").asText(),
                    home.path("way").asText(),
                    TextRows.minute(home.path("since").asText(""))));
    showDevice(id, answer.path("device"));
    showRefusals(id, answer.path("refusals"));
    JsonNode requester = answer.path("from");
    if (requester.isObject()) {
      showDevice(from, requester.path("device"));
      showRefusals(from, requester.path("refusals"));
    }
    out().println();
    for (JsonNode step : answer.path("steps")) {
      out()
          .printf(
              "%-8s %-7s %s%n",
              step.path("outcome").asText(),
              step.path("name").asText(),
              step.path("found").asText());
      String mend = step.path("mend").asText("");
      if (!mend.isEmpty()) {
        out().printf("%-16s mend: %s%n", "", mend);
      }
    }
    warnOfMissing(answer);
  }

  private void showDevice(String whose, JsonNode device) {
    if (device.isObject()) {
      out()
          .printf(
              "%s said at %s: version %s, NAT %s%n",
              whose,
              TextRows.minute(device.path("at").asText("")),
              orUnknown(device.path("version").asText("")),
              orUnknown(device.path("nat").asText("")));
    }
  }

  private static String orUnknown(String text) {
    return text.isEmpty() ? "unknown" : text;
  }

  private void showRefusals(String whose, JsonNode refusals) {
    if (refusals.isEmpty()) {
      out().println("no refusal of " + whose + " is remembered");
      return;
    }
    out().println("last refusals of " + whose + ":");
    TextRows rows = new TextRows("AT", "NODE", "ID", "ADDRESS", "REASON");
    refusals.forEach(one ->
        rows.add(
            TextRows.minute(one.path("at").asText("")),
            one.path("node").asText(),
            one.path("id").asText("-"),
            one.path("address").asText(),
            one.path("reason").asText()));
    rows.print(out());
  }
}
