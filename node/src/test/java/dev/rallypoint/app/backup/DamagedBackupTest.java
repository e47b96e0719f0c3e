package dev.rallypoint.app.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.app.Shell;
import dev.rallypoint.app.keys.KeyFiles;
import dev.rallypoint.testing.HbbsFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are no whole backup: refused in one line, before anything is changed. */
class DamagedBackupTest {
  private static final String MANIFEST = "rallypoint-backup.json";

  @TempDir Path folder;
  private Shell shell;
  private Path file;

  @BeforeEach
  void begin() throws Exception {
    shell = new Shell(folder);
    file = folder.resolve("all.zip");
    try (HbbsFile hbbs = new HbbsFile(folder.resolve("db_v2.sqlite3")).createSchema()) {
      hbbs.insert("123456789", new byte[] {1}, new byte[] {2}, "{}");
    }
    KeyFiles.in(folder).loadOrCreate();
    assertThat(shell.run("backup", "all.zip")).isZero();
  }

  private void isRefused(String line) {
    assertThat(shell.run("restore", "all.zip", "--data", "copy")).isEqualTo(2);
    assertThat(shell.err()).contains("backup = " + file + ": ", line).hasLineCount(1);
    assertThat(folder.resolve("copy")).doesNotExist();
  }

  /** Writes it again with the bytes of one entry changed; null leaves it out. */
  private void rewrite(String name, UnaryOperator<byte[]> change) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
      }
    }
    assertThat(entries).containsKey(name);
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        byte[] bytes =
            entry.getKey().equals(name) ? change.apply(entry.getValue()) : entry.getValue();
        if (bytes.length > 0) {
          zip.putNextEntry(new ZipEntry(entry.getKey()));
          zip.write(bytes);
        }
      }
    }
  }

  private static UnaryOperator<byte[]> text(String from, String to) {
    return bytes -> {
      String text = new String(bytes, StandardCharsets.UTF_8);
      assertThat(text).contains(from);
      return text.replace(from, to).getBytes(StandardCharsets.UTF_8);
    };
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.01, 0.5, 0.99})
  void isCutOff(double part) throws Exception {
    byte[] all = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(all, (int) (all.length * part)));
    isRefused("this is no backup, or only a part of one; take another copy of it");
  }

  @Test
  void isAnotherFile() throws Exception {
    Files.copy(folder.resolve("id_ed25519"), file, StandardCopyOption.REPLACE_EXISTING);
    isRefused("this is no backup, or only a part of one");
  }

  @Test
  void isAnotherZipFile() throws Exception {
    rewrite(MANIFEST, bytes -> new byte[0]);
    isRefused("this is no backup; name a file that 'rallypoint backup' wrote");
  }

  @Test
  void hasAByteThatIsAnother() throws Exception {
    rewrite(
        "db_v2.sqlite3",
        bytes -> {
          bytes[bytes.length / 2] ^= 1;
          return bytes;
        });
    isRefused("it is damaged (db_v2.sqlite3 in it)");
  }

  @Test
  void hasAByteThatIsAnotherOnTheDisk() throws Exception {
    byte[] all = Files.readAllBytes(file);
    all[all.length / 4] ^= 1;
    Files.write(file, all);
    isRefused("it is damaged (db_v2.sqlite3 in it)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"db_v2.sqlite3", "id_ed25519", "id_ed25519.pub"})
  void lacksAFile(String name) throws Exception {
    rewrite(name, bytes -> new byte[0]);
    isRefused("it is damaged (" + name + " in it)");
  }

  @Test
  void hasAManifestThatIsNone() throws Exception {
    rewrite(MANIFEST, text("\"peers\"", "\"pears\""));
    isRefused("it is damaged (" + MANIFEST + " in it)");
  }

  @Test
  void isOfALaterFormat() throws Exception {
    rewrite(MANIFEST, text("\"format\" : 1", "\"format\" : 2"));
    isRefused("wrote it in format 2, and this one knows format 1");
  }

  @Test
  void hasPropertiesOfALaterVersion() throws Exception {
    rewrite(MANIFEST, text("\"format\" : 1", "\"later\" : true, \"format\" : 1"));
    assertThat(shell.run("restore", "all.zip", "--check")).as(shell.err()).isZero();
    assertThat(shell.out()).contains("1 peers, key " + shell.publicKey());
  }

  @Test
  void isNotThere() throws Exception {
    Files.delete(file);
    isRefused("there is no such file");
  }
}
