package dev.rallypoint.app.keys;

import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.identity.SigningKey;
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

  /** 64 bytes that are no key pair. */
  record Damaged(String advice) implements KeyText {}

  /** Looks at a text. */
  static KeyText of(String text) {
    String bare = text.strip();
    if (bare.isEmpty()) {
      return new NoCheck();
    }
    if (bare.equals("-") || bare.equals("_")) {
      return new FolderPair();
    }
    if (decodedLength(bare) == 64) {
      return SigningKey.parse(bare)
          .<KeyText>map(SecretPair::new)
          .orElse(new Damaged("the two halves of this secret key do not belong together"));
    }
    // Exactly as it would be printed: clients' keys are compared as texts.
    Optional<PublicKey> half = PublicKey.parse(bare).filter(key -> key.text().equals(bare));
    return half.<KeyText>map(PublicHalf::new).orElse(new PlainText(bare));
  }

  private static int decodedLength(String text) {
    try {
      return Base64.getDecoder().decode(text).length;
    } catch (IllegalArgumentException notBase64) {
      return -1;
    }
  }
}
