package dev.rallypoint.relay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What this process has open, where that can be counted. */
final class Descriptors {
  private static final Path OPEN = Path.of("/proc/self/fd");

  private Descriptors() {}

  /** How many there are of a kind, such as {@code socket:}, or 0. */
  static long open(String kind) throws IOException {
    if (!Files.isDirectory(OPEN)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(OPEN)) {
      return files.filter(file -> isOf(kind, file)).count();
    }
  }

  private static boolean isOf(String kind, Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith(kind);
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }
}
