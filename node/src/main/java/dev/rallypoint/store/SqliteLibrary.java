package dev.rallypoint.store;

import dev.rallypoint.config.SettingException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteJDBCLoader;

/**
 * SQLite's native library. The driver unpacks it into the system's temporary folder, which may be
 * missing, full, read-only or mounted noexec; then the database's own folder has to do. It is
 * unpacked into a folder of its own, which is deleted as soon as it is loaded: a loaded library
 * needs its file no more, and a process that is killed later leaves none.
 */
public final class SqliteLibrary {
  private static final String SETTING = "org.sqlite.tmpdir";

  private SqliteLibrary() {}

  /**
   * Loads the library, once for the process.
   *
   * @param folder the folder of the database
   * @throws SettingException when it can be run from neither folder
   */
  public static synchronized void load(Path folder) {
    Path temporary = temporaryFolder();
    if (!isLoadedFrom(temporary) && !isLoadedFrom(folder)) {
      throw new SettingException(
          "the temporary folder",
          temporary,
          "SQLite's library can be run neither from here nor from "
              + folder
              + "; let one of them be written, with room for 2 MB and without noexec, or name"
              + " another with JAVA_OPTS=-D"
              + SETTING
              + "=FOLDER");
    }
  }

  /** The folder that it is unpacked into first. */
  public static Path temporaryFolder() {
    return Path.of(System.getProperty(SETTING, System.getProperty("java.io.tmpdir")));
  }

  /** Whether it can be run from a folder; once it is loaded from any, it is not tried again. */
  public static synchronized boolean isUsableFrom(Path folder) {
    return isLoadedFrom(folder);
  }

  private static boolean isLoadedFrom(Path folder) {
    @Nullable String before = System.getProperty(SETTING);
    try {
      Path place = Files.createTempDirectory(folder, ".sqlite-library-");
      System.setProperty(SETTING, place.toString());
      try {
        return isLoaded();
      } finally {
        delete(place);
      }
    } catch (IOException e) {
      return false;
    } finally {
      restore(before);
    }
  }

  private static void delete(Path place) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(place)) {
      for (Path file : files) {
        Files.delete(file);
      }
      Files.delete(place);
    } catch (IOException e) {
      // Where a loaded library cannot be deleted the driver does it at the end of the process.
    }
  }

  private static void restore(@Nullable String before) {
    if (before == null) {
      System.clearProperty(SETTING);
    } else {
      System.setProperty(SETTING, before);
    }
  }

  /** The driver tries again with each call until it has it. */
  private static boolean isLoaded() {
    try {
      return SQLiteJDBCLoader.initialize();
    } catch (Exception e) {
      return false; // its message names no folder
    }
  }
}
