package dev.rallypoint.policy.account;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a program's token is good for: areas, each to read or to read and write. As text {@code
 * device:rw,user:r}.
 *
 * @param mayWrite the areas, and whether the token may change something there
 */
public record Scopes(Map<Area, Boolean> mayWrite) {
  /** A part of the management API. */
  public enum Area {
    /** Devices, and their enrolment and assignment. */
    DEVICE,
    /** Groups of devices. */
    DEVICE_GROUP,
    /** Users. */
    USER,
    /** Groups of users. */
    USER_GROUP,
    /** Address books. */
    AB,
    /** Logs. */
    AUDIT,
    /** Strategies. */
    STRATEGY,
    /** Roles of administrators. */
    ADMIN_ROLE,
    /** Roles of those who control. */
    CONTROL_ROLE;

    /** The word for it, such as {@code device-group}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Optional<Area> of(String word) {
      return Arrays.stream(values()).filter(area -> area.word().equals(word)).findFirst();
    }
  }

  public Scopes {
    mayWrite = Map.copyOf(mayWrite);
  }

  /** Reads a text; empty when it is malformed, or names nothing. */
  public static Optional<Scopes> parse(String text) {
    Map<Area, Boolean> mayWrite = new EnumMap<>(Area.class);
    for (String scope : text.split(",", -1)) {
      String[] words = scope.strip().split(":", -1);
      Optional<Area> area = Area.of(words[0]);
      if (area.isEmpty() || words.length != 2 || !words[1].matches("rw?")) {
        return Optional.empty();
      }
      mayWrite.put(area.get(), words[1].equals("rw"));
    }
    return Optional.of(new Scopes(mayWrite));
  }

  /** Whether an area may be read, or be written too. */
  public boolean allows(Area area, boolean toWrite) {
    Boolean known = mayWrite.get(area);
    return known != null && (known || !toWrite);
  }

  /** The text. */
  public String text() {
    return mayWrite.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> entry.getKey().word() + (entry.getValue() ? ":rw" : ":r"))
        .collect(Collectors.joining(","));
  }

  /** All words, for who writes a wrong one. */
  public static String words() {
    return Arrays.stream(Area.values()).map(Area::word).collect(Collectors.joining(", "));
  }
}
