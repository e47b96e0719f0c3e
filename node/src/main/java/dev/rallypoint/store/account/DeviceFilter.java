package dev.rallypoint.store.account;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Which devices are listed, by texts as scripts write them: with a percent sign it is a pattern of
 * SQL's LIKE, in which no other letter has a meaning; without it is the whole text; a dash alone is
 * for devices without such a value. Upper and lower case are the same.
 */
public final class DeviceFilter {
  private final Map<String, String> conditions = new LinkedHashMap<>();
  private final Map<String, String> values = new LinkedHashMap<>();

  /** What devices are listed by. */
  public enum Field {
    /** The id. */
    ID("d.id"),
    /** The name that an administrator gave it, else its host's. */
    DEVICE_NAME("case when d.name <> '' then d.name else d.hostname end"),
    /** The name of its user. */
    USER_NAME("u.name_key"),
    /** The name of its user's group. */
    GROUP_NAME("ug.name_key"),
    /** The name of its device group. */
    DEVICE_GROUP_NAME("g.name_key"),
    /** The name given to who uses it, else what the device tells. */
    DEVICE_USERNAME("case when d.given_username <> '' then d.given_username else d.username end");

    private final String column;

    Field(String column) {
      this.column = column;
    }

    /** The parameter of requests, such as {@code device_name}. */
    public String parameter() {
      return name().toLowerCase(Locale.ROOT);
    }

    private boolean isKey() {
      return column.endsWith("name_key");
    }
  }

  /**
   * Lists only some.
   *
   * @param key makes the key of a name
   */
  public DeviceFilter with(Field field, Optional<String> text, UnaryOperator<String> key) {
    text.filter(given -> !given.isEmpty()).ifPresent(given -> add(field, given, key));
    return this;
  }

  private void add(Field field, String text, UnaryOperator<String> key) {
    String name = field.parameter();
    String column = "coalesce(" + field.column + ", '')";
    if (text.equals("-")) {
      conditions.put(name, column + " = ''");
      return;
    }
    String value = field.isKey() ? key.apply(text) : text.toLowerCase(Locale.ROOT);
    String compared = field.isKey() ? column : "lower(" + column + ")";
    if (text.contains("%")) {
      conditions.put(name, compared + " like :" + name + " escape '!'");
      values.put(name, value.replace("!", "!!").replace("_", "!_"));
    } else {
      conditions.put(name, compared + " = :" + name);
      values.put(name, value);
    }
  }

  /** Conditions in SQL, each with an "and" before it; their names are bound to the values. */
  String sql() {
    StringBuilder sql = new StringBuilder();
    conditions.values().forEach(condition -> sql.append(" and ").append(condition));
    return sql.toString();
  }

  Map<String, String> values() {
    return values;
  }
}
