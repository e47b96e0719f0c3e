package dev.rallypoint.testing;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system of a few hundred kilobytes at a folder; mounting it needs root. */
public final class SmallDisk implements AutoCloseable {
  private final Path folder;

  private SmallDisk(Path folder) {
    this.folder = folder;
  }

  /** Mounts one at a folder that is there; aborts the test where that is not allowed. */
  public static SmallDisk at(Path folder, String size) throws IOException {
    if (run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", folder.toString()) != 0) {
      abort("a small disk cannot be mounted here: it needs root");
    }
    return new SmallDisk(folder);
  }

  /** Leaves no byte free. */
  public void fill() throws IOException {
    byte[] page = new byte[4_096];
    try (OutputStream out = Files.newOutputStream(ballast())) {
      while (true) {
        out.write(page);
      }
    } catch (IOException e) {
      if (!String.valueOf(e.getMessage()).contains("No space")) {
        throw e;
      }
    }
  }

  /** Makes room again. */
  public void makeRoom() throws IOException {
    Files.delete(ballast());
  }

  private Path ballast() {
    return folder.resolve("ballast");
  }

  private static int run(String... command) throws IOException {
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start()
        .onExit()
        .join()
        .exitValue();
  }

  @Override
  public void close() throws IOException {
    run("umount", "-l", folder.toString());
  }
}
