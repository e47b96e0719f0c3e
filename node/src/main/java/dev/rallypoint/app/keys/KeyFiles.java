package dev.rallypoint.app.keys;

import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.config.text.Quotes;
import dev.rallypoint.config.text.TextFile;
import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.store.PrivateFiles;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * The key pair of a data folder in hbbs's format: {@code id_ed25519}, base64 of 64 bytes, and
 * {@code id_ed25519.pub}, base64 of 32. Files are made whole or not at all and never overwritten.
 * The folder may be one that is only read, unless a new pair is to be made.
 *
 * @param folder the data folder
 * @param given the pair that becomes the folder's where it has none
 * @param random a cryptographically strong source
 */
public record KeyFiles(Path folder, Optional<SigningKey> given, RandomGenerator random)
    implements KeyPairSource {
  /** No key file has more bytes. */
  static final int LONGEST_FILE = 4096;

  /** The files of a folder, with a source of randomness fit for keys. */
  public static KeyFiles in(Path folder) {
    return new KeyFiles(folder, Optional.empty(), new SecureRandom());
  }

  /**
   * The files of a node's data folder.
   *
   * @throws SettingException when the folder is a file, or a pair that is given is damaged
   */
  public static KeyFiles of(NodeSettings settings) {
    Path folder = settings.data();
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new SettingException("data", folder, "this is a file; name a folder");
    }
    return new KeyFiles(folder, GivenKeyPair.of(settings.key(), folder), new SecureRandom());
  }

  /** The secret file. */
  public Path secretFile() {
    return folder.resolve("id_ed25519");
  }

  /** The public file. */
  public Path publicFile() {
    return folder.resolve("id_ed25519.pub");
  }

  /** The pair of the folder; made when there is none. A given one is kept there if it can be. */
  @Override
  public SigningKey loadOrCreate() {
    Optional<SigningKey> existing = load();
    if (existing.isPresent() && Files.exists(secretFile())) {
      return existing.get();
    }
    SigningKey made = existing.orElseGet(() -> SigningKey.generate(random));
    try {
      PrivateFiles.createFolder(folder);
      NewFile.write(secretFile(), made.secretText(), NewFile.OWNER_ONLY);
    } catch (FileAlreadyExistsException existsAlready) {
      // Another node of the same folder, or a link to nowhere; load() tells which.
    } catch (IOException e) {
      if (existing.isPresent()) {
        return made; // it is given again at the next start
      }
      throw FolderFault.of(folder, e);
    }
    return load()
        .orElseThrow(() -> new SettingException(secretFile().toString(), "no file", "look at it"));
  }

  /**
   * The pair of the folder, else the given one, or empty when there is none. A missing public file
   * is made again where the folder can be written.
   *
   * @throws SettingException when a file is damaged, or the two do not belong together
   */
  @Override
  public Optional<SigningKey> load() {
    if (!Files.exists(secretFile())) {
      if (Files.exists(publicFile())) {
        checkPublicFile(
            given.orElseThrow(() ->
                new SettingException(
                    publicFile().toString(),
                    "without its secret id_ed25519",
                    "restore id_ed25519 from a backup, or move this file away for a new pair")));
      }
      return given;
    }
    SigningKey pair =
        SigningKey.parse(read(secretFile()))
            .orElseThrow(() ->
                new SettingException(
                    secretFile().toString(),
                    "not a key pair",
                    "restore it from a backup; a new pair would need a new key in every"
                        + " client"));
    if (Files.exists(publicFile())) {
      checkPublicFile(pair);
    } else {
      writePublicFile(pair);
    }
    return Optional.of(pair);
  }

  /** Accepts any pair, because no other node must have the same. */
  @Override
  public SigningKey approved(SigningKey pair) {
    return pair;
  }

  /**
   * Makes a new pair.
   *
   * @param force when there is a pair, put it aside as {@code id_ed25519.old}
   * @throws SettingException when there is a file of the pair and {@code force} is not given
   */
  public SigningKey generate(boolean force) {
    try {
      for (Path file : Set.of(secretFile(), publicFile())) {
        if (!Files.exists(file)) {
          continue;
        }
        if (!force) {
          throw new SettingException(
              file.toString(), "there already", "--force puts it aside and makes a new pair");
        }
        Path aside = folder.resolve(file.getFileName() + ".old");
        Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw FolderFault.of(folder, e);
    }
    return loadOrCreate();
  }

  /**
   * Refuses a folder that has files of another pair, or some that are damaged.
   *
   * @throws SettingException when there is one
   */
  public void requireNoOther(SigningKey pair) {
    if (!Files.exists(secretFile())) {
      if (Files.exists(publicFile())) {
        checkPublicFile(pair);
      }
    } else if (!load().orElseThrow().publicKey().equals(pair.publicKey())) {
      throw new SettingException(
          secretFile().toString(),
          "another pair",
          "the database has that of " + pair.publicKey().text() + "; move this one away");
    }
  }

  /**
   * Writes a pair that is to be the folder's.
   *
   * @throws SettingException when the folder has another one
   */
  public void keep(SigningKey pair) {
    try {
      NewFile.write(secretFile(), pair.secretText(), NewFile.OWNER_ONLY);
    } catch (FileAlreadyExistsException e) {
      // Looked at below.
    } catch (IOException e) {
      throw FolderFault.of(folder, e);
    }
    requireNoOther(pair);
  }

  /** Whether the given pair is another than the folder's, which comes first. */
  public boolean isAnotherGiven() {
    return load()
        .flatMap(pair -> given.filter(other -> !other.publicKey().equals(pair.publicKey())))
        .isPresent();
  }

  /** Whether others than its owner may read the secret file. */
  public boolean isSecretReadableByOthers() {
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(secretFile());
      return permissions.contains(PosixFilePermission.GROUP_READ)
          || permissions.contains(PosixFilePermission.OTHERS_READ);
    } catch (IOException | UnsupportedOperationException notThereOrNotPosix) {
      return false;
    }
  }

  private void checkPublicFile(SigningKey pair) {
    Optional<PublicKey> written = PublicKey.parse(read(publicFile()));
    if (!written.equals(Optional.of(pair.publicKey()))) {
      throw new SettingException(
          publicFile().toString(),
          written.isPresent() ? "not the public half of id_ed25519" : "not a public key",
          "restore the pair from a backup; if id_ed25519 is the right one, remove this file and it"
              + " is made again");
    }
  }

  private void writePublicFile(SigningKey pair) {
    try {
      NewFile.write(publicFile(), pair.publicKey().text(), NewFile.READABLE);
    } catch (FileAlreadyExistsException existsAlready) {
      checkPublicFile(pair);
    } catch (IOException folderIsOnlyRead) {
      // Nothing reads it but people and hbbs.
    }
  }

  private static String read(Path file) {
    try {
      return Files.size(file) > LONGEST_FILE
          ? ""
          : Quotes.off(TextFile.readAscii(file, LONGEST_FILE)).replaceAll("\\s+", "");
    } catch (IOException e) {
      throw SettingException.unreadable(String.valueOf(file.getFileName()), file, e);
    }
  }

  /** Without the given pair. */
  @Override
  public String toString() {
    return "KeyFiles[" + folder + "]";
  }
}
