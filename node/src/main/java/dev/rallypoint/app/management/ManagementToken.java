package dev.rallypoint.app.management;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rallypoint.app.keys.NewFile;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.config.text.TextFile;
import dev.rallypoint.store.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * The secret that whoever steers a node by its management port must show: the text of the file
 * {@code management-token} in the data folder, 32 random bytes in base64url unless an operator
 * wrote another. It is never logged.
 */
public final class ManagementToken {
  /** The file's name in the data folder. */
  static final String FILE = "management-token";

  private static final int BYTES = 32;
  private static final int LONGEST = 1_024;
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._~+/=-]{32,}");

  private final String text;

  private ManagementToken(String text) {
    this.text = text;
  }

  /**
   * The token of a data folder; made, readable by its owner only, when there is none.
   *
   * @param random a cryptographically strong source
   * @return empty where none is there and none can be written, with a folder that is only read
   * @throws SettingException when the file is there and has no token in it
   */
  static Optional<ManagementToken> loadOrCreate(Path data, RandomGenerator random) {
    Path file = data.resolve(FILE);
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      byte[] bytes = new byte[BYTES];
      random.nextBytes(bytes);
      try {
        PrivateFiles.createFolder(data);
        NewFile.write(
            file,
            Base64.getUrlEncoder().withoutPadding().encodeToString(bytes) + "\n",
            NewFile.OWNER_ONLY);
      } catch (IOException e) {
        if (!Files.exists(file)) { // another node of the same folder may have made it meanwhile
          return Optional.empty();
        }
      }
    }
    return Optional.of(load(data));
  }

  /**
   * The token of a data folder.
   *
   * @throws SettingException when there is none, or this user may not read it
   */
  static ManagementToken load(Path data) {
    Path file = data.resolve(FILE);
    if (!Files.exists(file)) {
      throw new SettingException(
          FILE,
          file,
          "there is none; name the data folder of the node by --data, which makes one when it"
              + " starts with a management port");
    }
    String text;
    try {
      text = TextFile.readAscii(file, LONGEST).strip();
    } catch (IOException e) {
      throw SettingException.unreadable(FILE, file, e);
    }
    if (!FORM.matcher(text).matches()) {
      throw new SettingException(
          FILE,
          file,
          "write 32 or more letters, digits, - or _ there; or remove it and start the node, which"
              + " makes a new one");
    }
    return new ManagementToken(text);
  }

  /** Whether a text is the token; takes as long for each text of one length. */
  boolean isShownBy(String shown) {
    return MessageDigest.isEqual(text.getBytes(UTF_8), shown.getBytes(UTF_8));
  }

  /** The value of the header {@code Authorization} that shows it. */
  String authorization() {
    return "Bearer " + text;
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "ManagementToken";
  }
}
