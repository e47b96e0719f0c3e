package dev.rallypoint.app.keys;

import dev.rallypoint.bootstrap.ClusterKeyPair;
import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.config.PostgresSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.config.SqliteSettings;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.store.SharedDatabase;
import java.util.List;
import java.util.Optional;

/**
 * The pair that nodes of these settings serve with, looked at and left as it is.
 *
 * @param found the pair, or empty where the first start will make it
 * @param place where it is, in an operator's words
 * @param folder the data folder's files
 * @param isShared whether it is in a database
 */
public record ConfiguredKeyPair(
    Optional<SigningKey> found, String place, KeyFiles folder, boolean isShared) {

  /**
   * Looks for it.
   *
   * @throws SettingException when the files or the database cannot be used
   */
  public static ConfiguredKeyPair of(NodeSettings settings) {
    KeyFiles folder = KeyFiles.of(settings);
    return switch (settings.store()) {
      case SqliteSettings _ ->
          new ConfiguredKeyPair(folder.load(), folder.folder().toString(), folder, false);
      case PostgresSettings shared -> {
        try (SharedDatabase database = SharedDatabase.open(shared)) {
          ClusterKeyPair key = new ClusterKeyPair(database, settings.cluster().name());
          yield new ConfiguredKeyPair(key.find(), "the database " + shared, folder, true);
        }
      }
    };
  }

  /** The pair, which must be there. */
  public SigningKey existing() {
    return found.orElseThrow(() ->
        isShared
            ? new SettingException(
                "the key pair in " + place, "not there", "the first 'serve' puts one there")
            : new SettingException(
                folder.secretFile().toString(),
                "not there",
                "'keys generate' or the first 'serve' makes a pair"));
  }

  /**
   * What can be said of it.
   *
   * @throws SettingException when the data folder has another one
   */
  public List<String> checked() {
    if (!isShared) {
      return List.of(folder.secretFile() + " and its public half belong together.");
    }
    folder.requireNoOther(existing());
    return List.of("The key pair is in " + place + ".");
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "ConfiguredKeyPair[" + place + "]";
  }
}
