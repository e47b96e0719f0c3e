package dev.rallypoint.app.cli.manage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rallypoint.app.management.ManagementClient;
import dev.rallypoint.config.SettingException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes and ends the tokens of programs. */
@Command(
    name = "api-token",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Make and end the tokens of programs that call the HTTP API.",
    description = {
      "",
      "  create NAME   a token; it is shown once",
      "  list          the tokens, without themselves",
      "  delete NAME   ends a token",
      ""
    },
    footer = {
      "",
      "Exit codes: 0 answered or done, 1 no answer, or it was not done, 2 a bad flag or setting.",
      "",
      "For example, for rustdesk --assign and --deploy:",
      "  rallypoint admin api-token create rollout --scopes device:rw --days 7"
    })
public final class ApiTokenCommand extends AskingCommand {
  @Parameters(
      arity = "1..2",
      paramLabel = "WORD [NAME]",
      hideParamSyntax = true,
      description = "What to do, and the token's name.")
  private List<String> words = List.of();

  @Option(
      names = "--scopes",
      paramLabel = "LIST",
      order = 1,
      description =
          "create: what it is good for, each r or rw, such as device:rw,user:r (device:rw).")
  private String scopes = "device:rw";

  @Option(
      names = "--days",
      paramLabel = "N",
      order = 2,
      description = "create: how long it is good (90).")
  private int days = 90;

  /** The command. */
  public ApiTokenCommand(ManageContext context) {
    super(context);
  }

  @Override
  int run(ManagementClient client) {
    switch (words.getFirst()) {
      case "create" ->
          created(
              client.post(
                  "/v1/admin/api-tokens", Map.of("name", name(), "scopes", scopes, "days", days)));
      case "list" -> list(client.get("/v1/admin/api-tokens"));
      case "delete" -> {
        JsonNode answer = client.delete("/v1/admin/api-tokens/" + encoded(name()));
        if (isJson()) {
          print(answer);
        } else {
          out().println(answer.path("done").asText());
        }
      }
      default ->
          throw new SettingException(
              "admin api-token", words.getFirst(), "write create, list or delete");
    }
    return 0;
  }

  private String name() {
    if (words.size() < 2) {
      throw new SettingException(
          "admin api-token", words.getFirst(), "write the token's name behind it");
    }
    return words.get(1);
  }

  private void created(JsonNode answer) {
    if (isJson()) {
      print(answer);
      return;
    }
    out().println(answer.path("token").asText());
  }

  private void list(JsonNode answer) {
    if (isJson()) {
      print(answer);
      return;
    }
    TextRows rows = new TextRows("NAME", "SCOPES", "CREATED", "LAST USED", "EXPIRES");
    for (JsonNode token : answer.path("tokens")) {
      rows.add(
          token.path("name").asText(),
          token.path("scopes").asText(),
          TextRows.minute(token.path("created").asText()),
          TextRows.minute(token.path("last_used").asText("")),
          TextRows.minute(token.path("expires").asText()));
    }
    rows.print(out());
  }
}
