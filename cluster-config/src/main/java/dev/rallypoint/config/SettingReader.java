package dev.rallypoint.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
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

  /** The parts between commas, without the empty ones. */
  List<String> list(String setting) {
    return Arrays.stream(text(setting).split(",", -1))
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .toList();
  }

  /** A file, relative to the data folder. */
  Path file(String setting, Path data) {
    String path = text(setting);
    try {
      return data.resolve(path).normalize();
    } catch (InvalidPathException e) {
      throw new SettingException(setting, path, "write a file's path");
    }
  }

  List<Cidr> networks(String setting) {
    return list(setting).stream().map(part -> Cidr.parse(setting, part)).toList();
  }

  /** Hosts, each with a port or without. */
  List<String> hosts(String setting) {
    List<String> hosts = list(setting);
    for (String host : hosts) {
      if (!isHost(host)) {
        throw new SettingException(
            setting, host, "write host or host:port, several with commas, an IPv6 ip in [ ]");
      }
    }
    return hosts;
  }

  private static boolean isHost(String text) {
    String port = text.replaceFirst("^(\\[[0-9a-fA-F:.]+]|[^:\\[\\]/\\s]+)(:(\\d{1,5}))?$", "0$3");
    return port.matches("\\d{1,6}") && Integer.parseInt(port) <= 65_535
        || text.matches("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
  }
}
