package dev.rallypoint.app.keys;

import dev.rallypoint.config.SettingException;
import java.io.IOException;
import java.nio.file.Path;

/** The one line about a data folder in which a file could not be made. */
public final class FolderFault {
  private FolderFault() {}

  /** What to do about it. */
  public static SettingException of(Path folder, IOException why) {
    String reason = String.valueOf(why.getMessage());
    String mend =
        reason.contains("No space") || reason.contains("quota")
            ? "the disk is full; make room"
            : reason.contains("Read-only")
                ? "it can only be read; put the key pair there and name a PostgreSQL db-url, or mount"
                    + " it to be written"
                : "let this user write there";
    return new SettingException("data", folder, mend + " (" + reason + ")");
  }
}
