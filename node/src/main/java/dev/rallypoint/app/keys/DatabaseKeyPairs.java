package dev.rallypoint.app.keys;

import dev.rallypoint.bootstrap.ClusterKeyPair;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.protocol.identity.SigningKey;
import java.util.Optional;

/**
 * Gets the key pair of a node whose nodes share a database: the pair stored there, which a pair in
 * the data folder must equal. A folder without a pair stays without, so that the secret is kept in
 * one place only.
 */
public record DatabaseKeyPairs(KeyFiles folder, ClusterKeyPair shared) implements KeyPairSource {

  @Override
  public Optional<SigningKey> load() {
    Optional<SigningKey> own = folder.load();
    return own.isEmpty()
        ? shared.find()
        : Optional.of(requireStored(folder.secretFile().toString(), own.get()));
  }

  @Override
  public SigningKey loadOrCreate() {
    return load().orElseGet(() -> shared.putIfAbsent(SigningKey.generate(folder.random())));
  }

  @Override
  public SigningKey approved(SigningKey pair) {
    return requireStored("key", pair);
  }

  private SigningKey requireStored(String setting, SigningKey pair) {
    SigningKey stored = shared.putIfAbsent(pair);
    if (!stored.publicKey().equals(pair.publicKey())) {
      throw new SettingException(
          setting,
          "the pair of " + pair.publicKey().text(),
          """
          the cluster serves with the pair of %s, which is in its database; take this one away, or \
          stop all nodes and empty the table cluster_key to serve with this one\
          """
              .formatted(stored.publicKey().text()));
    }
    return pair;
  }
}
