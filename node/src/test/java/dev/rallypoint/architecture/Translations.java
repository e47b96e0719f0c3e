package dev.rallypoint.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * The pages in {@code docs/de} and the English ones that they were made from. Each ends with a
 * comment that has the SHA-256 of its English page.
 *
 * @param root the folder of the project
 */
record Translations(Path root) {
  private static final String MARK = "<!-- Made from the English page with SHA-256 ";
  private static final String MARK_END = " -->\n";

  /** The names of the translated pages, such as {@code install.md}, sorted. */
  List<String> names() {
    try (Stream<Path> files = Files.list(folder())) {
      return files
          .map(file -> folder().relativize(file).toString())
          .filter(name -> name.endsWith(".md"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a page has otherwise than its English one; empty when it is a faithful one. */
  List<String> differences(String name) {
    Path german = german(name);
    Path english = english(name);
    String top = link(german, english, "English");
    String other = link(english, german, "Deutsch");
    List<String> differences = new ArrayList<>();
    if (!read(german).contains(top)) {
      differences.add("no line " + top.strip() + " in " + shown(german));
    }
    if (!read(english).contains(other)) {
      differences.add("no line " + other.strip() + " in " + shown(english));
    }
    MarkdownPage here = MarkdownPage.of(read(german).replace(top, ""));
    MarkdownPage there = MarkdownPage.of(read(english).replace(other, ""));
    compare("levels of headings", there.levels(), here.levels(), differences);
    compare("lines of code blocks", there.code(), here.code(), differences);
    compare("rows of tables", there.tableRows(), here.tableRows(), differences);
    compare("names in backquotes", there.names(), here.names(), differences);
    compare(
        "targets of links",
        there.links().stream().map(link -> translated(resolved(english, link))).sorted().toList(),
        here.links().stream().map(link -> resolved(german, link)).sorted().toList(),
        differences);
    return differences;
  }

  /** Whether a page has the SHA-256 of the English page as it is now. */
  boolean isOfToday(String name) {
    return read(german(name)).endsWith(MARK + sha256(english(name)) + MARK_END);
  }

  /** Writes the SHA-256 of the English page as it is now to the end of a page. */
  void record(String name) {
    String text = read(german(name));
    int mark = text.indexOf(MARK);
    String body = mark < 0 ? text.stripTrailing() + "\n\n" : text.substring(0, mark);
    try {
      Files.writeString(german(name), body + MARK + sha256(english(name)) + MARK_END);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <T> void compare(
      String what, List<T> english, List<T> german, List<String> differences) {
    for (int i = 0; i < Math.max(english.size(), german.size()); i++) {
      String there = i < english.size() ? english.get(i).toString() : "nothing";
      String here = i < german.size() ? german.get(i).toString() : "nothing";
      if (!there.equals(here)) {
        differences.add(what + ": English has '" + there + "', German '" + here + "'");
        return;
      }
    }
  }

  /** A link of a page as the path from the root of the project, with its anchor. */
  private String resolved(Path page, String link) {
    if (link.contains("://")) {
      return link;
    }
    int anchor = link.indexOf('#');
    String path = anchor < 0 ? link : link.substring(0, anchor);
    Path target = path.isEmpty() ? page : page.resolveSibling(path).normalize();
    return root.relativize(target) + (anchor < 0 ? "" : link.substring(anchor));
  }

  /** Where the German page has to point when the English one points there. */
  private String translated(String target) {
    int anchor = target.indexOf('#');
    Path path = root.resolve(anchor < 0 ? target : target.substring(0, anchor));
    String name = path.equals(root.resolve("README.md")) ? "README.md" : inDocs(path);
    if (!names().contains(name)) {
      return target;
    }
    String page = root.relativize(german(name)).toString();
    if (anchor < 0) {
      return page;
    }
    int heading = anchors(path).indexOf(target.substring(anchor + 1));
    List<String> anchors = anchors(german(name));
    return heading < 0 || heading >= anchors.size()
        ? page + "#, to a heading that only one of the pages has: " + target
        : page + "#" + anchors.get(heading);
  }

  private String inDocs(Path path) {
    return path.startsWith(root.resolve("docs"))
        ? root.resolve("docs").relativize(path).toString()
        : "";
  }

  private static List<String> anchors(Path page) {
    return MarkdownPage.of(read(page)).anchors();
  }

  private static String link(Path from, Path to, String language) {
    return "\n[" + language + "](" + from.resolveSibling("").relativize(to) + ")\n";
  }

  private Path folder() {
    return root.resolve("docs/de");
  }

  private Path german(String name) {
    return folder().resolve(name);
  }

  private Path english(String name) {
    return name.equals("README.md") ? root.resolve(name) : root.resolve("docs").resolve(name);
  }

  private String shown(Path page) {
    return root.relativize(page).toString();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha256(Path file) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(read(file).getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
