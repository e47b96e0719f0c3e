package dev.rallypoint.app.cli.manage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rallypoint.app.management.ManagementClient;
import dev.rallypoint.config.SettingException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The words of {@code rallypoint admin} about who may control what.
 *
 * @param words the word and what stands behind it
 */
record AccessWords(ManagementClient client, List<String> words, PrintWriter out) {
  private static final String RULES = "/v1/access/rules";
  private static final String ROLES = "/v1/access/roles";
  private static final String NETWORKS = "/v1/access/networks";

  /** The answer to show as JSON, or nothing where it is shown already. */
  Optional<JsonNode> run(boolean isJson) {
    String word = words.getFirst();
    return switch (word) {
      case "allow" -> done(isJson, client.post(RULES, rule()));
      case "disallow" -> done(isJson, client.post(RULES + "/end", rule()));
      case "rules" -> shown(isJson, client.get(RULES), this::rules);
      case "roles" -> shown(isJson, client.get(ROLES), this::roles);
      case "add-role" ->
          done(isJson, client.post(ROLES, Map.of("name", argument(1, "the role's name"))));
      case "delete-role" -> done(isJson, client.delete(role()));
      case "role" -> done(isJson, client.put(role(), Map.of("permissions", permissions())));
      case "give-role" ->
          done(
              isJson,
              client.put(
                  "/v1/access/users/" + AskingCommand.encoded(argument(1, "the user's name")),
                  words.size() > 2 ? Map.of("role", words.get(2)) : Map.of()));
      case "networks" -> shown(isJson, client.get(NETWORKS), this::networks);
      case "allow-network" -> done(isJson, client.post(NETWORKS, network(true)));
      case "deny-network" -> done(isJson, client.post(NETWORKS, network(false)));
      case "forget-network" ->
          done(
              isJson,
              client.delete(
                  NETWORKS + "?network=" + AskingCommand.encoded(argument(1, "the network"))));
      default -> throw new SettingException("admin", word, "write one of the words of --help");
    };
  }

  private String argument(int index, String what) {
    if (words.size() <= index) {
      throw new SettingException("admin", words.getFirst(), "write " + what + " behind it");
    }
    return words.get(index);
  }

  private String role() {
    return ROLES + "/" + AskingCommand.encoded(argument(1, "the role's name"));
  }

  private Map<String, Object> rule() {
    return Map.of(
        "from", argument(1, "who may control, and what"), "to", argument(2, "what is controlled"));
  }

  private Map<String, Object> network(boolean isAllowed) {
    return Map.of("network", argument(1, "the network"), "allowed", isAllowed);
  }

  private Map<String, String> permissions() {
    argument(2, "permissions such as keyboard=off");
    Map<String, String> states = new HashMap<>();
    for (String word : words.subList(2, words.size())) {
      String[] halves = word.split("=", 2);
      states.put(halves[0], halves.length == 2 ? halves[1] : "");
    }
    return states;
  }

  private Optional<JsonNode> done(boolean isJson, JsonNode answer) {
    return shown(isJson, answer, done -> out.println(done.path("done").asText()));
  }

  private static Optional<JsonNode> shown(
      boolean isJson, JsonNode answer, Consumer<JsonNode> text) {
    if (isJson) {
      return Optional.of(answer);
    }
    text.accept(answer);
    return Optional.empty();
  }

  private void rules(JsonNode answer) {
    TextRows rows = new TextRows("FROM", "TO", "SINCE", "BY");
    for (JsonNode rule : answer.path("rules")) {
      rows.add(
          rule.path("from").asText(),
          rule.path("to").asText(),
          TextRows.minute(rule.path("since").asText()),
          rule.path("by").asText());
    }
    rows.print(out);
  }

  private void roles(JsonNode answer) {
    TextRows rows = new TextRows("ROLE", "STATE", "PERMISSIONS");
    for (JsonNode role : answer.path("roles")) {
      List<String> permissions = new ArrayList<>();
      role.path("permissions")
          .properties()
          .forEach(state -> permissions.add(state.getKey() + "=" + state.getValue().asText()));
      rows.add(
          role.path("name").asText(),
          role.path("enabled").asBoolean() ? "enabled" : "disabled",
          permissions.isEmpty() ? "as the device's client says" : String.join(" ", permissions));
    }
    rows.print(out);
  }

  private void networks(JsonNode answer) {
    TextRows rows = new TextRows("NETWORK", "MAY CONTROL");
    for (JsonNode line : answer.path("networks")) {
      rows.add(line.path("network").asText(), line.path("allowed").asBoolean() ? "yes" : "no");
    }
    rows.print(out);
  }
}
