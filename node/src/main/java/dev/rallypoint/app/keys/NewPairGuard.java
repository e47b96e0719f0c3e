package dev.rallypoint.app.keys;

import dev.rallypoint.config.SettingException;
import dev.rallypoint.protocol.identity.SigningKey;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Makes no new pair beside a database that knows peers: their clients have the key of the old one,
 * and all of them would be shut out.
 *
 * @param pairs where pairs are
 * @param secretFile where the old pair's secret belongs
 * @param database the database, in an operator's words
 * @param knowsPeers whether it has any
 */
public record NewPairGuard(
    KeyPairSource pairs, Path secretFile, String database, BooleanSupplier knowsPeers)
    implements KeyPairSource {

  @Override
  public Optional<SigningKey> load() {
    return pairs.load();
  }

  /**
   * The pair; made when there is none and nobody has the key of another one.
   *
   * @throws SettingException when the database has peers
   */
  @Override
  public SigningKey loadOrCreate() {
    if (pairs.load().isEmpty() && knowsPeers.getAsBoolean()) {
      throw new SettingException(
          secretFile.toString(),
          "not there",
          "the clients in "
              + database
              + " have the key of another pair: put the old server's id_ed25519 here, or make a new"
              + " pair with 'keys generate' and give its key to every client");
    }
    return pairs.loadOrCreate();
  }

  @Override
  public SigningKey approved(SigningKey pair) {
    return pairs.approved(pair);
  }
}
