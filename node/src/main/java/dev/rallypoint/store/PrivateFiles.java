package dev.rallypoint.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Files and folders that only their owner can read: the database has the uuids that devices prove
 * themselves with. What is there already keeps its permissions.
 */
public final class PrivateFiles {
  private static final Set<PosixFilePermission> FOLDER =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");

  private PrivateFiles() {}

  /** Makes a folder, with mode 700, and those above it that are not there. */
  public static void createFolder(Path folder) throws IOException {
    Path path = folder.toAbsolutePath();
    if (Files.isDirectory(path)) {
      return;
    }
    @Nullable Path parent = path.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    try {
      Files.createDirectory(path, mode(path, FOLDER));
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(path)) {
        throw e;
      }
    }
  }

  /** Makes an empty file with mode 600 where there is nothing; who opens it tells why not. */
  public static void createFile(Path file) {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try {
      Files.createFile(file, mode(file, FILE));
    } catch (IOException e) {
      // Made meanwhile, or SQLite cannot make it either.
    }
  }

  /**
   * Makes an empty file with mode 600.
   *
   * @throws IOException when it is there already, or cannot be made
   */
  public static void createNew(Path file) throws IOException {
    Files.createFile(file, mode(file, FILE));
  }

  private static FileAttribute<?>[] mode(Path path, Set<PosixFilePermission> permissions) {
    return isPosix(path)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
        : new FileAttribute<?>[0];
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /** Whether others than its owner may read or write a file; false where it is not there. */
  static boolean isOpenToOthers(Path file) {
    return hasOtherThan(file, FILE);
  }

  /** Whether others than its owner may make and replace files in a folder. */
  static boolean isWritableByOthers(Path folder) {
    Set<PosixFilePermission> mayOthers = EnumSet.allOf(PosixFilePermission.class);
    mayOthers.remove(PosixFilePermission.GROUP_WRITE);
    mayOthers.remove(PosixFilePermission.OTHERS_WRITE);
    return hasOtherThan(folder, mayOthers);
  }

  private static boolean hasOtherThan(Path path, Set<PosixFilePermission> allowed) {
    try {
      Set<PosixFilePermission> found = EnumSet.noneOf(PosixFilePermission.class);
      found.addAll(Files.getPosixFilePermissions(path));
      found.remove(PosixFilePermission.OWNER_EXECUTE);
      found.removeAll(allowed);
      return !found.isEmpty();
    } catch (IOException | UnsupportedOperationException notThereOrNotPosix) {
      return false;
    }
  }
}
