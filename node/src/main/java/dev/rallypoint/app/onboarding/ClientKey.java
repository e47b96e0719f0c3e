package dev.rallypoint.app.onboarding;

import dev.rallypoint.app.keys.ConfiguredKeyPair;
import dev.rallypoint.app.keys.KeyText;
import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.config.SettingException;

/** The key that clients are given; nothing is made to find it. */
public final class ClientKey {
  private ClientKey() {}

  /**
   * The key for the clients of nodes of these settings.
   *
   * @throws SettingException when there is none yet, or the one that was set is damaged
   */
  public static String of(NodeSettings settings) {
    return switch (KeyText.of(settings.key().access(), settings.data())) {
      case KeyText.FolderPair _, KeyText.NoCheck _ ->
          ConfiguredKeyPair.of(settings).existing().publicKey().text();
      case KeyText.SecretPair secret -> secret.pair().publicKey().text();
      case KeyText.PublicHalf half -> half.key().text();
      case KeyText.PlainText plain -> plain.text();
      case KeyText.Damaged damaged -> throw new SettingException("key", "...", damaged.advice());
    };
  }
}
