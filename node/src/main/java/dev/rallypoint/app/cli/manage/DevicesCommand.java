package dev.rallypoint.app.cli.manage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rallypoint.app.management.ManagementClient;
import dev.rallypoint.config.SettingException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Administers devices and their groups. */
@Command(
    name = "devices",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Administer devices and their groups.",
    description = {
      "",
      "  list                   the devices",
      "  enable, disable ID     a device that may register and be reached, or may not",
      "  approve ID             lets a device register that waits (enrolment = approve)",
      "  delete ID              deletes a device, online or not; it comes back as a new one",
      "  assign ID TYPE VALUE   gives it a user_name, device_group_name, strategy_name, note,",
      "                         device_name or device_username; - takes it away",
      "  groups                 the device groups; add-group GROUP, delete-group GROUP",
      ""
    },
    footer = {
      "",
      "Exit codes: 0 answered or done, 1 no answer, or it was not done, 2 a bad flag or setting.",
      "",
      "For example, all devices that nobody has:",
      "  rallypoint admin devices list --user -"
    })
public final class DevicesCommand extends AskingCommand {
  private static final int PAGE = 500;

  @Parameters(
      arity = "1..4",
      paramLabel = "WORD [ID|GROUP] [TYPE VALUE]",
      hideParamSyntax = true,
      description = "What to do, and with what.")
  private List<String> words = List.of();

  @Option(
      names = "--user",
      paramLabel = "NAME",
      order = 1,
      description = "list: only this user's devices; - nobody's; with % a pattern.")
  private @Nullable String user;

  @Option(
      names = "--group",
      paramLabel = "GROUP",
      order = 2,
      description = "list: only devices of this device group.")
  private @Nullable String group;

  @Option(
      names = "--name",
      paramLabel = "TEXT",
      order = 3,
      description = "list: only devices of this name.")
  private @Nullable String name;

  @Option(names = "--note", paramLabel = "TEXT", order = 4, description = "add-group: a note.")
  private @Nullable String note;

  /** The command. */
  public DevicesCommand(ManageContext context) {
    super(context);
  }

  @Override
  int run(ManagementClient client) {
    String word = words.getFirst();
    switch (word) {
      case "list" -> list(client);
      case "enable" -> change(client, Map.of("enabled", true));
      case "disable" -> change(client, Map.of("enabled", false));
      case "approve" -> change(client, Map.of("approved", true));
      case "assign" ->
          change(
              client,
              Map.of("type", argument(2, "what to assign"), "value", argument(3, "its value")));
      case "delete" -> done(client.delete(device()));
      case "groups" -> groups(client.get("/v1/admin/device-groups"));
      case "add-group" -> done(client.post("/v1/admin/device-groups", newGroup()));
      case "delete-group" ->
          done(
              client.delete("/v1/admin/device-groups/" + encoded(argument(1, "the group's name"))));
      default ->
          throw new SettingException("admin devices", word, "write one of the words of --help");
    }
    return 0;
  }

  private String argument(int index, String what) {
    if (words.size() <= index) {
      throw new SettingException("admin devices", words.getFirst(), "write " + what + " behind it");
    }
    return words.get(index);
  }

  private String device() {
    return "/v1/admin/devices/" + encoded(argument(1, "the id"));
  }

  private void change(ManagementClient client, Map<String, Object> change) {
    done(client.put(device(), change));
  }

  private Map<String, Object> newGroup() {
    Map<String, Object> made = new HashMap<>(Map.of("name", argument(1, "the group's name")));
    if (note != null) {
      made.put("note", note);
    }
    return made;
  }

  private void done(JsonNode answer) {
    if (isJson()) {
      print(answer);
    } else {
      out().println(answer.path("done").asText());
    }
  }

  private void list(ManagementClient client) {
    TextRows rows =
        new TextRows("ID", "STATE", "USER", "GROUP", "NAME", "LAST ONLINE", "ADDRESS", "SYSTEM");
    int offset = 0;
    JsonNode page;
    do {
      page = client.get("/v1/admin/devices?most=%d&offset=%d%s".formatted(PAGE, offset, filter()));
      offset += PAGE;
      if (isJson()) {
        print(page);
      }
      for (JsonNode device : page.path("devices")) {
        JsonNode assigned = device.path("assigned");
        rows.add(
            device.path("id").asText(),
            device.path("state").asText() + (device.path("cloned").asBoolean() ? " cloned" : ""),
            assigned.path("user").asText(),
            assigned.path("group").asText(),
            assigned.path("name").asText(),
            TextRows.minute(device.path("last_online").asText("")),
            device.path("ip").asText(),
            device.path("os").asText());
      }
    } while (page.path("devices").size() == PAGE);
    if (!isJson()) {
      rows.print(out());
    }
  }

  private String filter() {
    StringBuilder filter = new StringBuilder();
    add(filter, "user_name", user);
    add(filter, "device_group_name", group);
    add(filter, "device_name", name);
    return filter.toString();
  }

  private static void add(StringBuilder filter, String parameter, @Nullable String value) {
    if (value != null) {
      filter.append('&').append(parameter).append('=').append(encoded(value));
    }
  }

  private void groups(JsonNode answer) {
    if (isJson()) {
      print(answer);
      return;
    }
    TextRows rows = new TextRows("GROUP", "DEVICES", "NOTE");
    for (JsonNode found : answer.path("groups")) {
      rows.add(
          found.path("name").asText(), found.path("devices").asText(), found.path("note").asText());
    }
    rows.print(out());
  }
}
