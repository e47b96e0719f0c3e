package dev.rallypoint.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A page of documentation, taken apart. What is left of it is what a translation has to keep.
 *
 * @param headings the headings with their marks, such as {@code ## Ports}, in order
 * @param code the lines of all code blocks, with their indentation and fences, in order
 * @param tableRows the number of rows of each table, in order, the head and its line with them
 * @param names what is written as code within text, each once, sorted
 * @param links the targets of all links, sorted
 */
record MarkdownPage(
    List<String> headings,
    List<String> code,
    List<Integer> tableRows,
    List<String> names,
    List<String> links) {
  private static final Pattern HEADING = Pattern.compile("#{1,6} .*");
  private static final Pattern NAME = Pattern.compile("`([^`]+)`");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)]+)\\)");

  /**
   * Takes a page apart. A line with an indentation of four is code, as our lists are never nested.
   */
  static MarkdownPage of(String page) {
    List<String> headings = new ArrayList<>();
    List<String> code = new ArrayList<>();
    List<Integer> tableRows = new ArrayList<>();
    StringBuilder prose = new StringBuilder();
    boolean isFenced = false;
    boolean isTable = false;
    for (String line : page.lines().toList()) {
      boolean isFence = line.strip().startsWith("```");
      boolean isRow = !isFenced && line.startsWith("|");
      if (isRow) {
        tableRows.add(isTable ? tableRows.removeLast() + 1 : 1);
      }
      if (isFence || isFenced || line.startsWith("    ")) {
        code.add(line);
      } else {
        prose.append(line).append('\n');
        if (HEADING.matcher(line).matches()) {
          headings.add(line);
        }
      }
      isFenced ^= isFence;
      isTable = isRow;
    }
    return new MarkdownPage(
        headings, code, tableRows, all(NAME, prose).stream().distinct().toList(), all(LINK, prose));
  }

  /** How deep each heading is, in order. */
  List<Integer> levels() {
    return headings.stream().map(heading -> heading.indexOf(' ')).toList();
  }

  /** The names by which links reach the headings, in order, as GitHub makes them. */
  List<String> anchors() {
    return headings.stream()
        .map(heading -> heading.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .toList();
  }

  private static List<String> all(Pattern pattern, CharSequence text) {
    return pattern
        .matcher(text)
        .results()
        .map((MatchResult result) -> result.group(1).replaceAll("\\s+", " "))
        .sorted()
        .toList();
  }
}
