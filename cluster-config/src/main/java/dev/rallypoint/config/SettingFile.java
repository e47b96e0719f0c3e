package dev.rallypoint.config;

import dev.rallypoint.config.text.TextFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of {@code name = value} or {@code name: value} lines: hbbs's INI file, or the {@code .env}
 * that hbbs and docker compose share. Lines of {@code #} or {@code ;} are comments, and {@code #}
 * after a blank or a closing quote ends a value.
 *
 * @param settings the lines in order
 * @param sections headers such as {@code [relay]}; what follows one is not read, as in hbbs
 * @param unread the numbers of lines before the first header that are none of these
 */
record SettingFile(List<WrittenSetting> settings, List<String> sections, List<Integer> unread) {
  private static final Pattern LINE =
      Pattern.compile("(?:export\\s+)?(?<name>[A-Za-z0-9_.-]+)\\s*[=:]\\s*(?<value>.*)");
  private static final Pattern QUOTED = Pattern.compile("(?<text>(['\"]).*?\\2)\\s*(#.*)?");
  private static final Pattern HEADER = Pattern.compile("\\[.*]");

  /**
   * @param strict whether a line that is none of these stops the start
   */
  static SettingFile read(Path file, String shownAs, boolean strict) {
    List<WrittenSetting> settings = new ArrayList<>();
    List<String> sections = new ArrayList<>();
    List<Integer> unread = new ArrayList<>();
    int number = 0;
    for (String raw : lines(file, strict ? "config" : shownAs)) {
      number++;
      String line = raw.strip();
      Matcher parts = LINE.matcher(line);
      if (line.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
        continue;
      }
      if (HEADER.matcher(line).matches()) {
        sections.add(line);
      } else if (parts.matches()) {
        if (sections.isEmpty()) {
          String where = "from " + shownAs + ":" + number;
          settings.add(new WrittenSetting(parts.group("name"), bare(parts.group("value")), where));
        }
      } else if (strict && sections.isEmpty()) {
        throw new SettingException(
            shownAs + ":" + number, "a line that is no setting", "write name = value");
      } else if (sections.isEmpty()) {
        unread.add(number);
      }
    }
    return new SettingFile(List.copyOf(settings), List.copyOf(sections), List.copyOf(unread));
  }

  private static String bare(String value) {
    Matcher quoted = QUOTED.matcher(value);
    return quoted.matches() ? quoted.group("text") : value.replaceFirst("(^|\\s+)#.*$", "").strip();
  }

  private static List<String> lines(Path file, String name) {
    try {
      return TextFile.read(file).lines().toList();
    } catch (IOException e) {
      throw SettingException.unreadable(name, file, e);
    }
  }
}
