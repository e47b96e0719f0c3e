package dev.rallypoint.app.cli.manage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rallypoint.app.management.ManagementClient;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists the relay sessions of the cluster. */
@Command(
    name = "sessions",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "List the relay sessions of the cluster, the busiest first.",
    description = {
      "",
      "A is the controlling side, B the controlled one. A session over two nodes is one line with both",
      "nodes. 'rallypoint cut UUID' ends one.",
      ""
    },
    footer = {
      "",
      "Exit codes: 0 answered, 1 no answer from the node of --data, 2 a bad flag or setting."
    })
public final class SessionsCommand extends AskingCommand {

  @Option(
      names = "--most",
      paramLabel = "N",
      order = 1,
      description = "How many are listed (50; 500 at most).")
  private int most = 50;

  /** The command. */
  public SessionsCommand(ManageContext context) {
    super(context);
  }

  @Override
  int run(ManagementClient client) {
    JsonNode answer = client.get("/v1/sessions?most=" + most);
    if (isJson()) {
      print(answer);
      return 0;
    }
    rows(answer).print(out());
    int all = answer.path("all").asInt();
    int listed = answer.path("sessions").size();
    if (all > listed) {
      out().printf("%d more; --most lists up to 500%n", all - listed);
    }
    warnOfMissing(answer);
    return 0;
  }

  static TextRows rows(JsonNode answer) {
    TextRows rows = new TextRows("UUID", "A", "B", "NODES", "TYPE", "SECONDS", "MB", "MB/S");
    for (JsonNode session : answer.path("sessions")) {
      rows.add(
          session.path("uuid").asText(),
          session.path("a").asText(),
          session.path("b").asText(),
          StreamSupport.stream(session.path("nodes").spliterator(), false)
              .map(JsonNode::asText)
              .collect(Collectors.joining(",")),
          session.path("type").asText() + (session.path("is_limited").asBoolean() ? " slow" : ""),
          session.path("seconds").asText(),
          TextRows.megabytes(session.path("bytes").path("all").asLong()),
          TextRows.megabytes(session.path("bytes").path("per_second").asLong()));
    }
    return rows;
  }
}
