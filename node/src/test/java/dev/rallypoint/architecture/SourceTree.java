package dev.rallypoint.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The rules that are read from source files.
 *
 * @param root the folder of the project
 */
record SourceTree(Path root) {
  private static final int LONGEST = 300;
  private static final int WIDEST = 120;

  /** Every source file of every module and of the modules in it, generated ones left out. */
  List<Path> sources() {
    return folders(root)
        .flatMap(module -> Stream.concat(Stream.of(module), folders(module)))
        .flatMap(module -> Stream.of(module.resolve("src/main"), module.resolve("src/test")))
        .filter(Files::isDirectory)
        .flatMap(folder -> files(folder, Integer.MAX_VALUE, ".java"))
        .sorted()
        .toList();
  }

  /** Every page of documentation of the project. */
  List<Path> pages() {
    return Stream.of("", "docs", "docs/adr", "docs/de", "docker")
        .map(root::resolve)
        .filter(Files::isDirectory)
        .flatMap(folder -> files(folder, 1, ".md"))
        .sorted()
        .toList();
  }

  /** The lines of pages that are wider than a line may be; tables, code and links left out. */
  List<String> wideLines() {
    return pages().stream().flatMap(this::wideLines).toList();
  }

  private Stream<String> wideLines(Path page) {
    List<String> lines = read(page).lines().toList();
    List<String> wide = new ArrayList<>();
    boolean isCode = false;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      isCode ^= line.strip().startsWith("```");
      if (!isCode && !line.startsWith("|") && withoutLinks(line).length() > WIDEST) {
        wide.add(root.relativize(page) + ":" + (i + 1) + " has " + line.length() + " columns");
      }
    }
    return wide.stream();
  }

  private static String withoutLinks(String line) {
    return line.replaceAll("\\]\\([^)]*\\)|https?://\\S+", "");
  }

  /** The files that are longer than a file may be. */
  List<String> tooLong() {
    return sources().stream()
        .filter(file -> lines(file) > LONGEST)
        .map(file -> root.relativize(file) + " has " + lines(file) + " lines")
        .toList();
  }

  /** The packages of main code without a comment and a {@code @NullMarked}. */
  List<String> withoutPackageInfo() {
    return sources().stream()
        .filter(file -> file.toString().contains("/src/main/"))
        .map(file -> Objects.requireNonNull(file.getParent()))
        .distinct()
        .filter(folder -> !isExplained(folder.resolve("package-info.java")))
        .map(folder -> root.relativize(folder).toString())
        .toList();
  }

  private static boolean isExplained(Path file) {
    return Files.exists(file) && read(file).startsWith("/**") && read(file).contains("@NullMarked");
  }

  private static long lines(Path file) {
    return read(file).lines().count();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Path> folders(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(Files::isDirectory).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Path> files(Path folder, int depth, String ending) {
    try (Stream<Path> files = Files.walk(folder, depth)) {
      return files.filter(file -> file.toString().endsWith(ending)).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
