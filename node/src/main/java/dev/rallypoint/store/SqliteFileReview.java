package dev.rallypoint.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A look at a SQLite file and its side files before anything opens them, for what SQLite passes
 * over in silence and an operator should know.
 */
public final class SqliteFileReview {
  private static final int WAL_HEADER = 32;
  private static final int WAL_MAGIC = 0x377f0682;

  private SqliteFileReview() {}

  /**
   * What is probably not meant, a line each.
   *
   * @param isExpectedToHavePeers whether the node has been started before, as far as one can see
   */
  public static List<String> warnings(Path file, boolean isExpectedToHavePeers) {
    List<String> warnings = new ArrayList<>();
    Path wal = Path.of(file + "-wal");
    if (isExpectedToHavePeers && isEmpty(file)) {
      warnings.add(
          file
              + " is an empty file, beside a key pair that was there before: if it had ids, stop the"
              + " node and restore it from a backup");
    }
    if (isUnreadableWal(wal)) {
      warnings.add(
          wal
              + " cannot be read, and what was stored last is lost with it: if the file system was"
              + " damaged, stop the node and restore the database from a backup");
    }
    Stream.of(file, wal, Path.of(file + "-shm"), Path.of(file + "-journal"))
        .filter(Files::isRegularFile)
        .filter(PrivateFiles::isOpenToOthers)
        .forEach(open ->
            warnings.add(
                open
                    + " can be read or written by others, and it has what devices prove themselves"
                    + " with: chmod 600 it"));
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
    if (PrivateFiles.isWritableByOthers(folder)) {
      warnings.add(folder + " can be written by others: chmod 700 it");
    }
    return warnings;
  }

  private static boolean isEmpty(Path file) {
    try {
      return Files.isRegularFile(file) && Files.size(file) == 0;
    } catch (IOException e) {
      return false; // opening it tells why
    }
  }

  /**
   * Whether SQLite takes a write-ahead log for none, by the header: a crash leaves a whole header,
   * or less than one, and spoils frames at the end only.
   */
  private static boolean isUnreadableWal(Path wal) {
    ByteBuffer header = ByteBuffer.allocate(WAL_HEADER);
    try (FileChannel channel = FileChannel.open(wal, StandardOpenOption.READ)) {
      while (header.hasRemaining() && channel.read(header) >= 0) {
        // Until it is whole.
      }
    } catch (IOException notThere) {
      return false;
    }
    return !header.hasRemaining() && !isWalHeader(header.flip());
  }

  /** The header's magic number, and its checksum in the byte order that the number names. */
  private static boolean isWalHeader(ByteBuffer header) {
    int magic = header.getInt(0);
    if ((magic & ~1) != WAL_MAGIC) {
      return false;
    }
    ByteBuffer words =
        header.duplicate().order((magic & 1) == 1 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    int one = 0;
    int two = 0;
    for (int at = 0; at < WAL_HEADER - 8; at += 8) {
      one += words.getInt(at) + two;
      two += words.getInt(at + 4) + one;
    }
    return header.getInt(WAL_HEADER - 8) == one && header.getInt(WAL_HEADER - 4) == two;
  }
}
