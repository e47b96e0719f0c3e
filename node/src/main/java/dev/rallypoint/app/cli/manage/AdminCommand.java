package dev.rallypoint.app.cli.manage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rallypoint.app.management.ManagementClient;
import dev.rallypoint.config.SettingException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Administers the accounts of the HTTP API. */
@Command(
    name = "admin",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Administer the accounts of the HTTP API.",
    description = {
      "",
      "  setup-code           a code that makes the first administrator, at /setup of the API's port",
      "  list                 the users",
      "  create NAME          a user; asks for the password, or reads one line of standard input",
      "  password NAME        another password; logs the user out everywhere",
      "  enable, disable NAME a user who may log in, or may not and is logged out",
      "  promote, demote NAME an administrator, or an ordinary user",
      "  delete NAME          the user with all that belongs to him",
      "  tokens NAME          the clients that the user is logged in with",
      "  logout NAME          logs the user out of all clients",
      "  totp NAME            a new second factor: its link for an app, and ten backup codes",
      "  totp-off NAME        takes the second factor away",
      "  totp-require NAME    the user may log in with a second factor only; totp-optional: or without",
      "  move NAME GROUP      the user to another group",
      "  groups               the groups; add-group GROUP, delete-group GROUP",
      "  invitations          the invitations; invite NAME, uninvite GUID",
      "  allow FROM TO        who may control what; disallow FROM TO, rules. FROM is user:NAME,",
      "                       group:NAME or everyone, TO user:, group:, device-group: or device:ID",
      "  roles                what users may do in sessions; add-role ROLE, delete-role ROLE,",
      "                       role ROLE keyboard=off file=on ..., give-role NAME [ROLE]",
      "  networks             from where; allow-network, deny-network, forget-network NETWORK",
      "  connections [ID]     the connections to devices that run now, or to this one",
      "  disconnect GUID      ends one of them",
      "  devices WORD         devices and their groups; api-token WORD: tokens of programs",
      ""
    },
    footer = {
      "",
      "Exit codes: 0 answered or done, 1 no answer, or it was not done, 2 a bad flag or setting.",
      "",
      "For example, the first administrator:",
      "  rallypoint admin create alice --admin"
    })
public final class AdminCommand extends AskingCommand {
  private static final int PAGE = 500;

  private final Supplier<String> password;

  @Parameters(
      arity = "0..20",
      paramLabel = "WORD [NAME] [GROUP]",
      hideParamSyntax = true,
      description = "What to do, and with whom.")
  private List<String> words = List.of();

  @Option(names = "--admin", order = 1, description = "create: an administrator.")
  private boolean isAdmin;

  @Option(
      names = "--group",
      paramLabel = "GROUP",
      order = 2,
      description = "create, invite: the user's group (Default).")
  private @Nullable String group;

  @Option(
      names = "--email",
      paramLabel = "ADDRESS",
      order = 3,
      description = "create, invite: the user's mail address.")
  private @Nullable String email;

  @Option(
      names = "--display-name",
      paramLabel = "TEXT",
      order = 4,
      description = "create: the name that others see.")
  private @Nullable String displayName;

  @Option(
      names = "--note",
      paramLabel = "TEXT",
      order = 5,
      description = "create, add-group: a note.")
  private @Nullable String note;

  /**
   * The command.
   *
   * @param password asks for a new password
   */
  public AdminCommand(ManageContext context, Supplier<String> password) {
    super(context);
    this.password = password;
  }

  /** The command with what it has commands of its own for: devices, and tokens of programs. */
  public static CommandLine withParts(ManageContext context, Supplier<String> password) {
    return new CommandLine(new AdminCommand(context, password))
        .addSubcommand(new DevicesCommand(context))
        .addSubcommand(new ApiTokenCommand(context));
  }

  @Override
  int run(ManagementClient client) {
    String word = words.isEmpty() ? "" : words.getFirst();
    switch (word) {
      case "setup-code" -> show(client.post("/v1/admin/setup-code", Map.of()), "code");
      case "list" -> list(client);
      case "create" -> done(client.post("/v1/admin/users", newUser()));
      case "password" -> change(client, Map.of("password", password.get()));
      case "enable" -> change(client, Map.of("enabled", true));
      case "disable" -> change(client, Map.of("enabled", false));
      case "promote" -> change(client, Map.of("admin", true));
      case "demote" -> change(client, Map.of("admin", false));
      case "totp-require" -> change(client, Map.of("totp_required", true));
      case "totp-optional" -> change(client, Map.of("totp_required", false));
      case "move" -> change(client, Map.of("group", argument(2, "the group")));
      case "delete" -> done(client.delete(user()));
      case "tokens" -> table(client.get(user() + "/tokens"), AdminRows::tokens);
      case "logout" -> done(client.delete(user() + "/tokens"));
      case "totp" -> enrolled(client.post(user() + "/totp", Map.of()));
      case "totp-off" -> done(client.delete(user() + "/totp"));
      case "groups" -> table(client.get("/v1/admin/groups"), AdminRows::groups);
      case "add-group" ->
          done(
              client.post(
                  "/v1/admin/groups",
                  given("name", argument(1, "the group's name"), "note", note)));
      case "delete-group" ->
          done(client.delete("/v1/admin/groups/" + encoded(argument(1, "the group's name"))));
      case "invitations" -> table(client.get("/v1/admin/invitations"), AdminRows::invitations);
      case "invite" -> invited(client.post("/v1/admin/invitations", invitation()));
      case "uninvite" ->
          done(client.delete("/v1/admin/invitations/" + encoded(argument(1, "the guid"))));
      case "connections" ->
          table(client.get("/v1/admin/connections" + device()), AdminRows::connections);
      case "disconnect" ->
          done(
              client.post(
                  "/v1/admin/connections/%s/disconnect"
                      .formatted(encoded(argument(1, "the guid of the connection"))),
                  Map.of()));
      default -> new AccessWords(client, words, out()).run(isJson()).ifPresent(this::print);
    }
    return 0;
  }

  private String argument(int index, String what) {
    if (words.size() <= index) {
      throw new SettingException("admin", words.getFirst(), "write " + what + " behind it");
    }
    return words.get(index);
  }

  private String user() {
    return "/v1/admin/users/" + encoded(argument(1, "the user's name"));
  }

  private void change(ManagementClient client, Map<String, Object> change) {
    done(client.put(user(), change));
  }

  private Map<String, Object> newUser() {
    Map<String, Object> user =
        new HashMap<>(
            given("name", argument(1, "the user's name"), "email", email, "group", group));
    user.putAll(given("display_name", displayName, "note", note));
    user.put("admin", isAdmin);
    user.put("password", password.get());
    return user;
  }

  private Map<String, Object> invitation() {
    return given("name", argument(1, "the user's name"), "email", email, "group", group);
  }

  private static Map<String, Object> given(@Nullable String... pairs) {
    Map<String, Object> given = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      String value = pairs[i + 1];
      if (value != null) {
        given.put(String.valueOf(pairs[i]), value);
      }
    }
    return given;
  }

  private void show(JsonNode answer, String field) {
    if (isJson()) {
      print(answer);
    } else {
      out().println(answer.path(field).asText());
    }
  }

  private void done(JsonNode answer) {
    show(answer, "done");
  }

  private void list(ManagementClient client) {
    TextRows rows =
        new TextRows(
            "NAME", "GROUP", "ADMIN", "STATE", "SECOND FACTOR", "CLIENTS", "LAST LOGIN", "EMAIL");
    String after = "";
    for (JsonNode page = page(client, after); !page.isEmpty(); page = page(client, after)) {
      for (JsonNode user : page) {
        after = user.path("name").asText();
        rows.add(
            after,
            user.path("group").asText(),
            user.path("admin").asBoolean() ? "yes" : "-",
            user.path("enabled").asBoolean() ? "enabled" : "disabled",
            user.path("second_factor").asText(),
            user.path("activity").path("clients").asText(),
            TextRows.minute(user.path("activity").path("last_login").asText("")),
            user.path("email").asText());
      }
    }
    if (!isJson()) {
      rows.print(out());
    }
  }

  private JsonNode page(ManagementClient client, String after) {
    JsonNode answer =
        client.get("/v1/admin/users?most=%d&after=%s".formatted(PAGE, encoded(after)));
    if (isJson() && (after.isEmpty() || !answer.path("users").isEmpty())) {
      print(answer);
    }
    return answer.path("users");
  }

  private void enrolled(JsonNode answer) {
    if (isJson()) {
      print(answer);
      return;
    }
    out().println("for the authenticator app, as a link or a QR code of it:");
    out().println("  " + answer.path("uri").asText());
    out().println("backup codes, each good once:");
    answer.path("backup_codes").forEach(code -> out().println("  " + code.asText()));
  }

  private void table(JsonNode answer, Function<JsonNode, TextRows> rows) {
    if (isJson()) {
      print(answer);
    } else {
      rows.apply(answer).print(out());
    }
  }

  private String device() {
    return words.size() > 1 ? "?device=" + encoded(words.get(1)) : "";
  }

  private void invited(JsonNode answer) {
    if (isJson()) {
      print(answer);
      return;
    }
    out().println("good until " + TextRows.minute(answer.path("expires").asText()) + ":");
    out().println("  page: /invite of the API's port, such as http://NAME-OF-THIS-SERVER:21114");
    out().println("  code: " + answer.path("code").asText());
  }
}
