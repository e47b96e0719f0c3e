package dev.rallypoint.app.backup;

import dev.rallypoint.app.backup.Manifest.Content;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.store.TransferProgress;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a backup: a zip file with mode 600, which has its name only once it is whole and on the
 * disk. A file of that name is never replaced.
 */
final class ArchiveWriter implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final Path file;
  private final Path partial;
  private final FileChannel channel;
  private final ZipOutputStream zip;
  private final Map<String, Content> written = new LinkedHashMap<>();

  private ArchiveWriter(Path file, Path partial, FileChannel channel) {
    this.file = file;
    this.partial = partial;
    this.channel = channel;
    this.zip =
        new ZipOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER));
    zip.setLevel(Deflater.BEST_SPEED);
  }

  /**
   * Begins a backup.
   *
   * @throws SettingException when there is such a file, or none can be made
   */
  static ArchiveWriter create(Path file) {
    requireNone(file);
    if (!Files.isDirectory(Objects.requireNonNull(file.toAbsolutePath().getParent()))) {
      throw new SettingException(Archive.NAME, file, "its folder is not there; make it first");
    }
    try {
      Path partial = beside(file, ".partial");
      return new ArchiveWriter(file, partial, FileChannel.open(partial, StandardOpenOption.WRITE));
    } catch (IOException e) {
      throw Archive.fault(file, e);
    }
  }

  /** A new file in the same folder that only its owner can read. */
  static Path beside(Path file, String suffix) throws IOException {
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
    return Files.createTempFile(folder, "." + file.getFileName(), suffix);
  }

  /** Adds the bytes of a file. */
  void add(String name, Path content, TransferProgress progress) throws IOException {
    long all = Files.size(content);
    try (InputStream in = new BufferedInputStream(Files.newInputStream(content), BUFFER)) {
      add(name, in, bytes -> progress.atBytes(bytes, all));
    }
  }

  /** Adds these bytes. */
  void add(String name, byte[] content) throws IOException {
    add(name, new ByteArrayInputStream(content), _ -> {});
  }

  private void add(String name, InputStream in, LongConsumer progress) throws IOException {
    MessageDigest digest = Archive.sha256();
    long size = 0;
    zip.putNextEntry(new ZipEntry(name));
    byte[] buffer = new byte[BUFFER];
    try (DigestInputStream digesting = new DigestInputStream(in, digest)) {
      for (int n = digesting.read(buffer); n >= 0; n = digesting.read(buffer)) {
        zip.write(buffer, 0, n);
        size += n;
        progress.accept(size);
      }
    }
    zip.closeEntry();
    written.put(name, new Content(size, HexFormat.of().formatHex(digest.digest())));
  }

  /** Adds the manifest, and gives the file its name. */
  Manifest finish(Function<Map<String, Content>, Manifest> of) throws IOException {
    Manifest manifest = of.apply(written);
    zip.putNextEntry(new ZipEntry(Archive.MANIFEST));
    zip.write(manifest.json());
    zip.closeEntry();
    zip.finish();
    zip.flush();
    channel.force(true);
    zip.close();
    requireNone(file);
    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    return manifest;
  }

  /** Leaves nothing behind where it was not finished. */
  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(partial);
  }

  private static void requireNone(Path file) {
    if (Files.exists(file)) {
      throw new SettingException(
          Archive.NAME, file, "is there already; name another, or move it away");
    }
  }
}
