package dev.rallypoint.app.keys;

import dev.rallypoint.config.SettingException;
import dev.rallypoint.policy.AccessKey;
import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.identity.SigningKey;
import java.util.Optional;

/**
 * What a node signs with and what it asks of clients.
 *
 * @param signing the pair that signs clients' keys, or empty when only a public key is known: then
 *     no client can verify its partner and logged-in clients fail
 * @param access the text every client must send
 */
public record ServerKey(Optional<SigningKey> signing, AccessKey access) {

  /**
   * The key that a text means, with hbbs's meanings. Makes the folder's pair where it is needed and
   * not there.
   *
   * @throws SettingException when the text or a key file is damaged
   */
  public static ServerKey of(KeyText text, KeyPairSource pairs) {
    return switch (text) {
      case KeyText.FolderPair _ -> checked(pairs.loadOrCreate());
      case KeyText.NoCheck _ -> new ServerKey(Optional.of(pairs.loadOrCreate()), new AccessKey(""));
      case KeyText.SecretPair secret -> checked(pairs.approved(secret.pair()));
      case KeyText.PublicHalf half -> ofPublic(half.key(), pairs);
      case KeyText.PlainText plain ->
          new ServerKey(Optional.of(pairs.loadOrCreate()), new AccessKey(plain.text()));
      case KeyText.Damaged damaged -> throw new SettingException("key", "...", damaged.advice());
    };
  }

  private static ServerKey checked(SigningKey pair) {
    return new ServerKey(Optional.of(pair), new AccessKey(pair.publicKey().text()));
  }

  private static ServerKey ofPublic(PublicKey key, KeyPairSource pairs) {
    Optional<SigningKey> pair = pairs.load().filter(p -> p.publicKey().equals(key));
    return new ServerKey(pair, new AccessKey(key.text()));
  }

  /** The public key that clients verify with, or empty when the node signs nothing. */
  public Optional<String> publicText() {
    return signing.map(pair -> pair.publicKey().text());
  }
}
