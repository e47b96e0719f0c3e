package dev.rallypoint.config;

import com.typesafe.config.Config;

/**
 * The settings about the server's key. Each value may be a key's text or the path of a file that
 * has it.
 *
 * @param access the setting {@code key}, with hbbs's meanings: {@code -} or {@code _} load or
 *     create the pair in the data folder, 64 bytes in base64 are the secret pair itself, empty
 *     switches the key check off, any other text is the access key
 * @param secret the secret key that becomes the data folder's where that has none; hbbs's images
 *     name it {@code KEY_PRIV}
 * @param publicHalf its public key
 */
public record KeySettings(String access, String secret, String publicHalf) {
  /** The name of the setting for {@link #access}. */
  public static final String ACCESS = "key";

  /** The name of the setting for {@link #secret}. */
  public static final String SECRET = "key-priv";

  /** The name of the setting for {@link #publicHalf}. */
  public static final String PUBLIC_HALF = "key-pub";

  /** Where Docker and Kubernetes put secrets; a file that is not there counts as not written. */
  private static final String SECRETS = "/run/secrets/";

  static KeySettings from(Config config) {
    SettingReader read = new SettingReader(config);
    return new KeySettings(read.text(ACCESS), read.text(SECRET), read.text(PUBLIC_HALF));
  }

  /** Whether a value is a default: the path of a secret that need not be there. */
  public static boolean isDefault(String value) {
    return value.equals(SECRETS + "key_priv") || value.equals(SECRETS + "key_pub");
  }

  /** Without values, which are secrets. */
  @Override
  public String toString() {
    return "KeySettings[...]";
  }
}
