package dev.rallypoint.app.keys;

import dev.rallypoint.bootstrap.ClusterKeyPair;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.protocol.identity.SigningKey;
import java.util.Optional;

/**
 * The pair of a cluster's database. A pair in the data folder is the cluster's if it is the first;
 * a folder without one stays without, so that the secret is kept in one place only.
 */
public record DatabaseKeyPairs(KeyFiles folder, ClusterKeyPair shared) implements KeyPairSource {

  @Override
  public Optional<SigningKey> load() {
    Optional<SigningKey> own = folder.load();
    return own.isEmpty()
        ? shared.find()
        : Optional.of(agreed(folder.secretFile().toString(), own.get()));
  }

  @Override
  public SigningKey loadOrCreate() {
    return load().orElseGet(() -> shared.bring(SigningKey.generate(folder.random())));
  }

  @Override
  public SigningKey approved(SigningKey pair) {
    return agreed("key", pair);
  }

  private SigningKey agreed(String setting, SigningKey pair) {
    SigningKey stored = shared.bring(pair);
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
