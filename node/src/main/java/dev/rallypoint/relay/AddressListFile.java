package dev.rallypoint.relay;

import dev.rallypoint.config.SettingException;
import dev.rallypoint.config.text.TextFile;
import dev.rallypoint.policy.AddressList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;

/** A file of addresses, hbbr's blacklist.txt or blocklist.txt; it need not be there. */
record AddressListFile(Path path) {

  /**
   * Reads the list; a missing file is an empty one.
   *
   * @throws dev.rallypoint.config.SettingException when the file cannot be read, or a line is
   *     neither ip nor network
   */
  AddressList read() {
    try {
      return AddressList.of(name(), TextFile.read(path).lines().toList());
    } catch (NoSuchFileException e) {
      return AddressList.of(name(), List.of());
    } catch (IOException e) {
      throw SettingException.unreadable(name(), path, e);
    }
  }

  /** A text that changes with the file; links are followed. Empty where there is none. */
  String state() {
    try {
      Path real = path.toRealPath();
      return real + " " + Files.readAttributes(real, "fileKey,lastModifiedTime,size");
    } catch (IOException notThereNow) {
      return "";
    }
  }

  /** When the file was changed, milliseconds since 1970; 0 for one that is not there. */
  long changed() {
    try {
      return Files.getLastModifiedTime(path).toMillis();
    } catch (IOException e) {
      return 0;
    }
  }

  /** Whether it was changed after a time in milliseconds since 1970. */
  boolean isNewerThan(long time) {
    return changed() > time;
  }

  /**
   * Writes the list so that the file is never half written.
   *
   * @param changed when the list was changed, milliseconds since 1970: the time that the file gets,
   *     so that nothing takes it for edited later, on a machine whose clock is ahead
   */
  void write(AddressList list, long changed) throws IOException {
    Path fresh = path.resolveSibling(name() + ".new");
    Files.write(fresh, list.lines());
    Files.setLastModifiedTime(fresh, FileTime.fromMillis(changed));
    Files.move(fresh, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private String name() {
    return String.valueOf(path.getFileName());
  }
}
