package dev.rallypoint.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  /** Every source file of every module, generated ones left out. */
  List<Path> sources() {
    try (Stream<Path> modules = Files.list(root)) {
      return modules
          .flatMap(module -> Stream.of(module.resolve("src/main"), module.resolve("src/test")))
          .filter(Files::isDirectory)
          .flatMap(SourceTree::javaFiles)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The files that are longer than a file may be. */
  List<String> tooLong() {
    return sources().stream()
        .filter(file -> lines(file) > LONGEST)
        .map(file -> root.relativize(file) + " has " + lines(file) + " lines")
        .toList();
  }

  /** The packages of the programs, tests left out, that say nothing about themselves. */
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
    try {
      return Files.exists(file)
          && Files.readString(file).startsWith("/**")
          && Files.readString(file).contains("@NullMarked");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long lines(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Path> javaFiles(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
