package dev.rallypoint.app.keys;

import dev.rallypoint.config.SettingException;
import dev.rallypoint.protocol.identity.SigningKey;
import java.util.Optional;

/** Where a node has its key pair from. */
interface KeyPairSource {

  /** The pair, or empty when there is none. */
  Optional<SigningKey> load();

  /** The pair; made when there is none. */
  SigningKey loadOrCreate();

  /**
   * A pair that was set, if it is one to serve with here.
   *
   * @throws SettingException when others serve with another one
   */
  SigningKey approved(SigningKey pair);
}
