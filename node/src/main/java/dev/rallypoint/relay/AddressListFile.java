package dev.rallypoint.relay;

import dev.rallypoint.config.SettingException;
import dev.rallypoint.policy.AddressList;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** A file of addresses, hbbr's blacklist.txt or blocklist.txt; it need not be there. */
record AddressListFile(Path path) {

  /**
   * Reads the list; a missing file is an empty one.
   *
   * @throws SettingException when the file cannot be read, or a line is neither ip nor network
   */
  AddressList read() {
    try {
      return AddressList.of(name(), Files.readAllLines(path));
    } catch (NoSuchFileException e) {
      return AddressList.of(name(), List.of());
    } catch (MalformedInputException e) {
      throw new SettingException(name(), path, "write it as plain text, one ip a line");
    } catch (IOException e) {
      throw new SettingException(name(), path, "make it readable, or remove it: " + e);
    }
  }

  /** Writes the list so that the file is never half written. */
  void write(AddressList list) throws IOException {
    Path fresh = path.resolveSibling(name() + ".new");
    Files.write(fresh, list.lines());
    Files.move(fresh, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private String name() {
    return String.valueOf(path.getFileName());
  }
}
