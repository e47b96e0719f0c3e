package dev.rallypoint.app;

import dev.rallypoint.app.keys.FolderFault;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.store.PrivateFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A node's hold on the folder of its SQLite file: two nodes on one file would each keep their own
 * memory of the same ids, and write over each other. The system lets go of it with the process,
 * however it ends.
 */
public final class FolderLock implements AutoCloseable {
  /** The name of the file, which stays in the folder. */
  public static final String FILE = "rallypoint.lock";

  private final FileChannel lock;

  private FolderLock(FileChannel lock) {
    this.lock = lock;
  }

  /**
   * Takes the folder, and makes it when it is not there.
   *
   * @throws SettingException when another node has it, or nothing can be written there
   */
  public static FolderLock take(Path folder) {
    @Nullable FileChannel channel = null;
    try {
      PrivateFiles.createFolder(folder);
      channel =
          FileChannel.open(
              folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (channel.tryLock() != null) {
        return new FolderLock(channel);
      }
    } catch (OverlappingFileLockException e) {
      // Another node in this process has the lock: the exception is thrown below.
    } catch (IOException e) {
      throw FolderFault.of(folder, e);
    }
    close(channel);
    throw new SettingException(
        "data", folder, "another node runs on this folder; give this one a folder of its own");
  }

  @Override
  public void close() {
    close(lock);
  }

  private static void close(@Nullable FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // The lock goes with the process at the latest.
    }
  }
}
