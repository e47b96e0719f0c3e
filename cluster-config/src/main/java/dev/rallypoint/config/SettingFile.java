package dev.rallypoint.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of {@code name = value} lines: hbbs's INI file, or the {@code .env} that hbbs and docker
 * compose share. Lines of {@code #} or {@code ;} are comments, quotes around a value are taken off,
 * and {@code #} after a blank ends a value that has none.
 *
 * @param settings the lines in order
 * @param sections headers such as {@code [relay]}; what follows one is not read, as in hbbs
 */
record SettingFile(List<WrittenSetting> settings, List<String> sections) {
  private static final Pattern LINE =
      Pattern.compile("(?:export\\s+)?(?<name>[A-Za-z0-9_.-]+)\\s*=\\s*(?<value>.*)");
  private static final Pattern QUOTED = Pattern.compile("(['\"])(?<text>.*?)\\1\\s*(#.*)?");
  private static final Pattern HEADER = Pattern.compile("\\[.*]");

  /**
   * @param strict whether a line that is none of these stops the start
   */
  static SettingFile read(Path file, String shownAs, boolean strict) {
    List<WrittenSetting> settings = new ArrayList<>();
    List<String> sections = new ArrayList<>();
    int number = 0;
    for (String raw : lines(file, strict ? "config" : shownAs)) {
      number++;
      String line = raw.replaceFirst("^\uFEFF", "").strip();
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
      }
    }
    return new SettingFile(List.copyOf(settings), List.copyOf(sections));
  }

  private static String bare(String value) {
    Matcher quoted = QUOTED.matcher(value);
    return quoted.matches() ? quoted.group("text") : value.replaceFirst("(^|\\s+)#.*$", "").strip();
  }

  private static List<String> lines(Path file, String name) {
    try {
      return Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      throw new SettingException(name, file, "there is no such file");
    } catch (CharacterCodingException e) {
      throw new SettingException(name, file, "is not a text file in UTF-8");
    } catch (IOException e) {
      throw new SettingException(name, file, "cannot be read: " + e.getMessage());
    }
  }
}
