package dev.rallypoint.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rallypoint.device.DeviceBooks;
import dev.rallypoint.device.DeviceGroups;
import dev.rallypoint.device.IncomingRules;
import dev.rallypoint.device.Presets;
import dev.rallypoint.policy.account.AccountText;
import dev.rallypoint.store.account.ListedDevice;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Devices and their groups in the forms of the management API. */
final class DeviceJson {
  /** Scripts read what stands before the dot. */
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static final int LONGEST = AccountText.LONGEST_TEXT;
  private static final String PRESET = "preset-";
  private static final int MOST_RULES = 100;

  private DeviceJson() {}

  static Map<String, Object> device(ListedDevice device) {
    Map<String, Object> json = new LinkedHashMap<>();
    ListedDevice.Given given = device.given();
    json.put("guid", device.guid());
    json.put("id", device.id());
    json.put("status", device.state().isEnabled() ? 1 : 0);
    json.put("approved", device.state().isApproved());
    json.put("cloned", device.state().clonedAt().isPresent());
    device.state().clonedAt().ifPresent(at -> json.put("cloned_at", time(at)));
    json.put("last_online", time(device.contact().lastOnlineAt()));
    json.put("created_at", time(device.contact().createdAt()));
    json.put("user_name", given.user());
    json.put("group_name", given.userGroup());
    json.put("device_group_name", given.group());
    json.put("strategy_name", given.strategy());
    json.put("note", given.note());
    json.put("device_name", either(given.name(), device.facts().hostname()));
    json.put("device_username", either(given.username(), device.facts().username()));
    json.put("ip", device.contact().ip());
    json.put("info", info(device));
    return json;
  }

  private static Map<String, Object> info(ListedDevice device) {
    Map<String, Object> info = new LinkedHashMap<>();
    info.put("device_name", either(device.given().name(), device.facts().hostname()));
    info.put("username", either(device.given().username(), device.facts().username()));
    info.put("hostname", device.facts().hostname());
    info.put("os", device.facts().os());
    info.put("cpu", device.facts().cpu());
    info.put("memory", device.facts().memory());
    info.put("version", device.facts().version());
    return info;
  }

  private static String either(String first, String second) {
    return first.isEmpty() ? second : first;
  }

  private static String time(long millis) {
    return TIME.format(Instant.ofEpochMilli(millis));
  }

  static Map<String, Object> group(DeviceGroups.Group group) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("guid", group.group().guid());
    json.put("name", group.group().name());
    json.put("note", group.group().note());
    json.put("devices", group.group().devices());
    json.put("allowed_incomings", group.incoming());
    return json;
  }

  /** What is written of a group. */
  static DeviceGroups.Draft draft(JsonNode body) {
    return new DeviceGroups.Draft(
        given(body, "name"), given(body, "note"), rules(body.path("allowed_incomings")));
  }

  private static Optional<String> given(JsonNode body, String name) {
    return body.hasNonNull(name)
        ? Optional.of(ApiJson.text(body, name, LONGEST))
        : Optional.empty();
  }

  private static Optional<List<IncomingRules.Rule>> rules(JsonNode list) {
    if (list.isMissingNode() || list.isNull()) {
      return Optional.empty();
    }
    if (!list.isArray() || list.size() > MOST_RULES) {
      throw new ApiRefusal(
          ApiAnswer.BAD_REQUEST, "allowed_incomings is no array of at most " + MOST_RULES);
    }
    List<IncomingRules.Rule> rules = new ArrayList<>();
    for (JsonNode rule : list) {
      JsonNode type = rule.path("type");
      if (!type.isInt() || type.intValue() != 0 && type.intValue() != 2) {
        throw new ApiRefusal(
            ApiAnswer.BAD_REQUEST, "the type of a rule is 0 for a user group, or 2 for a user");
      }
      rules.add(new IncomingRules.Rule(type.intValue(), ApiJson.text(rule, "name", LONGEST)));
    }
    return Optional.of(rules);
  }

  /** What a device asks for beside what it tells of itself. */
  static Presets presets(JsonNode body) {
    return new Presets(
        ApiJson.text(body, PRESET + "user-name", LONGEST),
        ApiJson.text(body, PRESET + "device-group-name", LONGEST),
        ApiJson.text(body, PRESET + "strategy-name", LONGEST),
        ApiJson.text(body, PRESET + "device-name", LONGEST),
        ApiJson.text(body, PRESET + "device-username", LONGEST),
        ApiJson.text(body, PRESET + "note", LONGEST),
        entry(body, PRESET + "address-book-"));
  }

  /** A place in an address book, by names that begin so. */
  static Optional<DeviceBooks.Entry> entry(JsonNode body, String prefix) {
    String name = ApiJson.text(body, prefix + "name", LONGEST);
    return name.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new DeviceBooks.Entry(
                name,
                ApiJson.text(body, prefix + "tag", LONGEST),
                ApiJson.text(body, prefix + "alias", LONGEST),
                ApiJson.text(body, prefix + "password", LONGEST),
                ApiJson.text(body, prefix + "note", LONGEST)));
  }
}
