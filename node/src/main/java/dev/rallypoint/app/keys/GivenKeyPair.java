package dev.rallypoint.app.keys;

import dev.rallypoint.config.KeySettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.identity.SigningKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The pair of the settings {@code key-priv} and {@code key-pub}, which hbbs's images take from
 * their environment and from Docker's secrets. As there, a pair in the data folder comes first.
 */
final class GivenKeyPair {
  private GivenKeyPair() {}

  /**
   * The pair, or empty where none is given.
   *
   * @throws SettingException when it is damaged or incomplete
   */
  static Optional<SigningKey> of(KeySettings settings, Path folder) {
    Optional<SigningKey> pair =
        given(settings.secret(), folder)
            .map(kind ->
                kind instanceof KeyText.SecretPair(SigningKey secret)
                    ? secret
                    : refuse(KeySettings.SECRET, kind, "a secret key in base64"));
    Optional<PublicKey> half =
        given(settings.publicHalf(), folder)
            .map(kind ->
                kind instanceof KeyText.PublicHalf(PublicKey key)
                    ? key
                    : refuse(KeySettings.PUBLIC_HALF, kind, "a public key in base64"));
    if (pair.isPresent() && half.isPresent() && !pair.get().publicKey().equals(half.get())) {
      throw new SettingException(
          KeySettings.PUBLIC_HALF,
          half.get().text(),
          "it is not the public key of " + KeySettings.SECRET + "; leave it out");
    }
    return pair;
  }

  private static Optional<KeyText> given(String value, Path folder) {
    return value.isEmpty() || KeySettings.isDefault(value) && !Files.exists(Path.of(value))
        ? Optional.empty()
        : Optional.of(KeyText.of(value, folder));
  }

  private static <T> T refuse(String setting, KeyText kind, String wanted) {
    throw new SettingException(
        setting,
        "...",
        kind instanceof KeyText.Damaged(String mend)
            ? mend
            : "write " + wanted + ", or the path of its file");
  }
}
