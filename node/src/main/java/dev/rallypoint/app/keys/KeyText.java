package dev.rallypoint.app.keys;

import dev.rallypoint.config.text.Quotes;
import dev.rallypoint.config.text.Slip;
import dev.rallypoint.config.text.TextFile;
import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.identity.SigningKey;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/** What kind of text the setting {@code key}, or a key someone was given, is. */
public sealed interface KeyText {

  /** {@code -} or {@code _}: the pair of the data folder. */
  record FolderPair() implements KeyText {}

  /** Empty: nobody's key is checked. */
  record NoCheck() implements KeyText {}

  /** A secret key in base64. */
  record SecretPair(SigningKey pair) implements KeyText {}

  /** A public key in base64, as users paste it into a client. */
  record PublicHalf(PublicKey key) implements KeyText {}

  /** Anything else: a text that clients must send. */
  record PlainText(String text) implements KeyText {
    @Override
    public String toString() {
      return "PlainText[...]";
    }
  }

  /** What was meant as a key, and is none. */
  record Damaged(String advice) implements KeyText {}

  /** Looks at a text. */
  static KeyText of(String text) {
    String bare = Quotes.off(text);
    String joined = bare.replaceAll("\\s+", "");
    if (bare.isEmpty()) {
      return new NoCheck();
    }
    if (bare.equals("-") || bare.equals("_")) {
      return new FolderPair();
    }
    if (decodedLength(joined) == 64) {
      return SigningKey.parse(joined)
          .<KeyText>map(SecretPair::new)
          .orElse(new Damaged("the two halves of this secret key do not belong together"));
    }
    Optional<PublicKey> half = PublicKey.parse(joined);
    if (half.isPresent()) {
      // Exactly as it would be printed: clients' keys are compared as texts.
      return half.get().text().equals(joined)
          ? new PublicHalf(half.get())
          : new Damaged("its last character '=' is missing");
    }
    return fault(bare).<KeyText>map(Damaged::new).orElse(new PlainText(bare));
  }

  /**
   * Looks at a text that may also be the path of a key file, relative to a folder.
   *
   * @return what the file holds where there is one; {@link Damaged} for the path of none
   */
  static KeyText of(String text, Path folder) {
    KeyText kind = of(text);
    if (!(kind instanceof PlainText(String plain))) {
      return kind;
    }
    Optional<Path> file = file(folder, plain);
    if (file.isPresent()) {
      return inFile(file.get());
    }
    return plain.matches("(?s)(~|\\.{1,2})?/.*|.*\\bid_ed25519(\\.pub)?")
        ? new Damaged(
            isFolder(folder, plain)
                ? "this is a folder; name the key's file, or write the key itself"
                : "there is no file of this path; write the key itself, or - for the folder's")
        : kind;
  }

  private static KeyText inFile(Path file) {
    try {
      KeyText kind = of(TextFile.readAscii(file, KeyFiles.LONGEST_FILE));
      return kind instanceof SecretPair || kind instanceof PublicHalf
          ? kind
          : new Damaged("the file of this path has neither a secret nor a public key");
    } catch (AccessDeniedException e) {
      return new Damaged("let this user read the file of this path");
    } catch (IOException e) {
      return new Damaged("the file of this path cannot be read: " + e.getMessage());
    }
  }

  private static Optional<Path> file(Path folder, String text) {
    try {
      return Optional.of(folder.resolve(text)).filter(Files::isRegularFile);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** Docker makes a folder of a file that was not there. */
  private static boolean isFolder(Path folder, String text) {
    try {
      return Files.isDirectory(folder.resolve(text));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** Why a text is surely not meant as a password. */
  private static Optional<String> fault(String text) {
    Optional<String> slip = Slip.in(text);
    if (slip.isPresent()) {
      return slip;
    }
    // 44 letters are a public key, 88 a secret one.
    return text.matches("[A-Za-z0-9+/]{42,45}=?|[A-Za-z0-9+/]{84,90}={0,2}")
        ? Optional.of("letters of this key were lost or added; copy the whole of it again")
        : Optional.empty();
  }

  private static int decodedLength(String text) {
    try {
      return Base64.getDecoder().decode(text).length;
    } catch (IllegalArgumentException notBase64) {
      return -1;
    }
  }
}
