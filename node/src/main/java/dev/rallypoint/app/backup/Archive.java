package dev.rallypoint.app.backup;

import dev.rallypoint.app.backup.Manifest.Content;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.store.TransferProgress;
import dev.rallypoint.store.account.AccountDatabase;
import java.io.EOFException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * A backup that was read as a whole and found sound. It is a zip file; its entries are the files of
 * a data folder of hbbs, so that anybody can take them out.
 */
public final class Archive implements AutoCloseable {
  /** How messages name the file. */
  static final String NAME = "backup";

  static final String MANIFEST = "rallypoint-backup.json";
  static final String PEERS = "db_v2.sqlite3";
  static final String ACCOUNTS = AccountDatabase.FILE;
  static final String SECRET = "id_ed25519";
  static final String PUBLIC = "id_ed25519.pub";

  /** The relay's lists of addresses. */
  static final List<String> LISTS = List.of("blacklist.txt", "blocklist.txt");

  private static final int LONGEST_MANIFEST = 1 << 16;
  private static final int LONGEST_KEY = 4_096;
  private static final int BUFFER = 1 << 16;

  private final Path file;
  private final ZipFile zip;
  private final Manifest manifest;

  private Archive(Path file, ZipFile zip, Manifest manifest) {
    this.file = file;
    this.zip = zip;
    this.manifest = manifest;
  }

  /**
   * Opens a backup and checks all of it.
   *
   * @throws SettingException when it is none, is cut off or damaged, or is of a later format
   */
  public static Archive open(Path file, TransferProgress progress) {
    if (!Files.isRegularFile(file)) {
      throw new SettingException(NAME, file, "there is no such file");
    }
    @Nullable ZipFile zip = null;
    try {
      zip = new ZipFile(file.toFile());
      Archive opened = new Archive(file, zip, manifest(file, zip));
      opened.check(progress);
      return opened;
    } catch (ZipException e) {
      close(zip);
      throw new SettingException(
          NAME, file, "this is no backup, or only a part of one; take another copy of it");
    } catch (IOException e) {
      close(zip);
      throw SettingException.unreadable(NAME, file, e);
    } catch (RuntimeException e) {
      close(zip);
      throw e;
    }
  }

  private static Manifest manifest(Path file, ZipFile zip) throws IOException {
    @Nullable ZipEntry entry = zip.getEntry(MANIFEST);
    if (entry == null) {
      throw new SettingException(
          NAME, file, "this is no backup; name a file that 'rallypoint backup' wrote");
    }
    Manifest manifest;
    try (InputStream in = zip.getInputStream(entry)) {
      manifest =
          Manifest.parse(in.readNBytes(LONGEST_MANIFEST))
              .orElseThrow(() -> damaged(file, MANIFEST));
    }
    if (manifest.format() > Manifest.FORMAT) {
      throw new SettingException(
          NAME,
          file,
          "version %s wrote it in format %d, and this one knows format %d; restore it with that version"
              .formatted(manifest.version(), manifest.format(), Manifest.FORMAT));
    }
    return manifest;
  }

  private void check(TransferProgress progress) throws IOException {
    if (!has(PEERS)) {
      throw damaged(file, PEERS);
    }
    for (String name : manifest.files().keySet()) {
      copy(name, OutputStream.nullOutputStream(), progress);
    }
    if (!manifest.key().equals(pair().map(pair -> pair.publicKey().text()).orElse(""))) {
      throw damaged(file, SECRET);
    }
  }

  /** When it was made, as ISO-8601 text. */
  public String created() {
    return manifest.created();
  }

  /** The number of peers in it. */
  public long peers() {
    return manifest.peers();
  }

  /**
   * The key pair, or empty where there was none.
   *
   * @throws SettingException when it is damaged
   */
  public Optional<SigningKey> pair() {
    if (!has(SECRET)) {
      return Optional.empty();
    }
    return Optional.of(
        SigningKey.parse(new String(small(SECRET), StandardCharsets.US_ASCII).strip())
            .orElseThrow(() -> damaged(file, SECRET)));
  }

  /** Whether it has an entry. */
  boolean has(String name) {
    return manifest.files().containsKey(name);
  }

  /** The bytes of an entry that is known to be small. */
  byte[] small(String name) {
    try (InputStream in = entry(name)) {
      return in.readNBytes(LONGEST_KEY);
    } catch (IOException e) {
      throw fault(file, e);
    }
  }

  /** Writes an entry into a file that is there, and waits until it is on the disk. */
  void extract(String name, Path to, TransferProgress progress) throws IOException {
    try (FileOutputStream out = new FileOutputStream(to.toFile())) {
      copy(name, out, progress);
      out.getChannel().force(true);
    }
  }

  private void copy(String name, OutputStream to, TransferProgress progress) throws IOException {
    Content content = manifest.files().get(name);
    if (content == null) {
      throw damaged(file, name);
    }
    MessageDigest digest = sha256();
    long size = 0;
    byte[] buffer = new byte[BUFFER];
    try (DigestInputStream in = new DigestInputStream(entry(name), digest)) {
      for (int n = in.read(buffer); n >= 0 && size <= content.size(); n = in.read(buffer)) {
        to.write(buffer, 0, n);
        size += n;
        progress.atBytes(size, content.size());
      }
    } catch (ZipException | EOFException e) {
      throw damaged(file, name);
    }
    if (size != content.size()
        || !HexFormat.of().formatHex(digest.digest()).equals(content.sha256())) {
      throw damaged(file, name);
    }
  }

  private InputStream entry(String name) throws IOException {
    @Nullable ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      throw damaged(file, name);
    }
    return zip.getInputStream(entry);
  }

  private static SettingException damaged(Path file, String name) {
    return new SettingException(
        NAME, file, "it is damaged (%s in it); take another copy of it".formatted(name));
  }

  /** The line for a backup that cannot be written, or not be read further. */
  static SettingException fault(Path file, IOException why) {
    String reason = String.valueOf(why.getMessage());
    return new SettingException(
        NAME,
        file,
        reason.contains("No space") || reason.contains("quota")
            ? "the disk is full; make room, or name a file on another one"
            : "it cannot be written or read (" + why + "); name a file in a folder of this user");
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void close(@Nullable ZipFile zip) {
    try {
      if (zip != null) {
        zip.close();
      }
    } catch (IOException e) {
      // It was only read.
    }
  }

  @Override
  public void close() {
    close(zip);
  }
}
