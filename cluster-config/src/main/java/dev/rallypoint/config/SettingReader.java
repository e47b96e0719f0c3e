package dev.rallypoint.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import dev.rallypoint.config.text.HostAndPort;
import dev.rallypoint.config.text.Quotes;
import dev.rallypoint.config.text.Slip;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Reads single settings as values of a type, in the spellings that hbbs and hbbr take. */
record SettingReader(Config config) {

  String text(String setting) {
    return config.getString(setting).strip();
  }

  int number(String setting) {
    String text = text(setting);
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new SettingException(setting, text, "write a whole number");
    }
  }

  double decimal(String setting) {
    String text = text(setting);
    // Double.parseDouble would also take NaN, 0x1p3 and 5d.
    if (!text.matches("\\d{1,12}(\\.\\d{1,12})?")) {
      throw new SettingException(setting, text, "write a number such as 32 or 0.66");
    }
    return Double.parseDouble(text);
  }

  /** A time with its unit ({@code 90s}, {@code 5m}, {@code 1h}); a plain number is seconds. */
  Duration time(String setting) {
    String text = text(setting);
    if (text.matches("\\d{1,12}")) {
      return Duration.ofSeconds(Long.parseLong(text));
    }
    try {
      if (text.matches("\\d{1,12}\\s*[a-z]+")) {
        return config.getDuration(setting);
      }
    } catch (ConfigException notATime) {
      // Thrown below, for both ways to miss.
    }
    throw new SettingException(setting, text, "write a time such as 90s, 5m or 1h");
  }

  boolean yes(String setting) {
    String text = text(setting);
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "y", "yes", "true", "on", "1" -> true;
      case "n", "no", "false", "off", "0" -> false;
      default -> throw new SettingException(setting, text, "write Y or N");
    };
  }

  /** The parts between commas, without the empty ones and the quotes around one. */
  List<String> list(String setting) {
    return Arrays.stream(text(setting).split(",", -1))
        .map(Quotes::off)
        .filter(part -> !part.isEmpty())
        .toList();
  }

  /** A path, relative to a folder. */
  Path path(String setting, Path folder) {
    return path(setting, text(setting), folder);
  }

  /**
   * A path that a setting names.
   *
   * @throws SettingException when it has a {@link Slip}, or the system has no such path; where the
   *     locale has no UTF-8, no name beyond ASCII is one
   */
  static Path path(String setting, String path, Path folder) {
    Slip.inPath(path)
        .ifPresent(mend -> {
          throw new SettingException(setting, path, mend);
        });
    try {
      return folder.resolve(path).normalize();
    } catch (InvalidPathException e) {
      boolean isAscii = path.chars().allMatch(letter -> letter < 0x80);
      throw new SettingException(
          setting,
          path,
          isAscii
              ? "write a path of this system"
              : "this process's locale has no such letters; start it with LC_ALL=C.UTF-8");
    }
  }

  List<Cidr> networks(String setting) {
    return list(setting).stream().map(part -> Cidr.parse(setting, part)).toList();
  }

  /** Hosts that others are told to go to, each with a port or without. */
  List<String> hosts(String setting) {
    return list(setting).stream().map(host -> host(setting, host)).toList();
  }

  /** One such host, or empty. */
  String host(String setting) {
    List<String> hosts = hosts(setting);
    if (hosts.size() > 1) {
      throw new SettingException(setting, text(setting), "write one host");
    }
    return hosts.isEmpty() ? "" : hosts.getFirst();
  }

  private static String host(String setting, String text) {
    HostAndPort host =
        HostAndPort.parse(text)
            .orElseThrow(() ->
                new SettingException(
                    setting,
                    text,
                    text.contains("$")
                        ? "the variable in it was not replaced; write the host itself"
                        : HostAndPort.FORM));
    if (!host.isUsableElsewhere()) {
      throw new SettingException(
          setting, text, "this is no host's address; write the name or ip that clients know");
    }
    // As it is written, unless its letters are not those of DNS.
    return text.chars().allMatch(letter -> letter < 0x80) ? text : host.toString();
  }
}
