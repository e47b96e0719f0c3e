package dev.rallypoint.app.backup;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** A folder for files that are on their way, readable by its owner only; it goes when closed. */
record WorkFolder(Path folder) implements AutoCloseable {
  /** Makes one beside a file, so that its files can be moved there. */
  static WorkFolder beside(Path file) throws IOException {
    return in(Objects.requireNonNull(file.toAbsolutePath().getParent()));
  }

  /** Makes one in a folder. */
  static WorkFolder in(Path parent) throws IOException {
    return new WorkFolder(Files.createTempDirectory(parent, ".rallypoint-"));
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  @Override
  public void close() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
