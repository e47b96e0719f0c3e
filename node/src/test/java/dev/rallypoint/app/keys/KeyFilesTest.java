package dev.rallypoint.app.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rallypoint.config.SettingException;
import dev.rallypoint.protocol.identity.SigningKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFilesTest {
  @TempDir Path folder;
  private KeyFiles files;

  @BeforeEach
  void begin() {
    files = new KeyFiles(folder, Optional.empty(), new Random(7));
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void makesAPairInHbbsFormatThatOnlyItsOwnerCanRead() throws IOException {
    SigningKey made = files.loadOrCreate();
    byte[] secret = Base64.getDecoder().decode(Files.readString(files.secretFile()));
    byte[] half = Base64.getDecoder().decode(Files.readString(files.publicFile()));
    assertThat(secret).hasSize(64).endsWith(half);
    assertThat(half).isEqualTo(made.publicKey().bytes().toByteArray());
    assertThat(permissions(files.secretFile())).isEqualTo("rw-------");
    assertThat(permissions(files.publicFile())).isEqualTo("rw-r--r--");
    assertThat(files.isSecretReadableByOthers()).isFalse();
    try (var all = Files.list(folder)) {
      assertThat(all).containsExactlyInAnyOrder(files.secretFile(), files.publicFile());
    }
  }

  @Test
  void keepsThePairOverRestarts() throws IOException {
    String first = files.loadOrCreate().secretText();
    String again =
        new KeyFiles(folder, Optional.empty(), new Random(8)).loadOrCreate().secretText();
    assertThat(again).isEqualTo(first).isEqualTo(Files.readString(files.secretFile()));
  }

  @Test
  void readsFilesWithLineEndsAndBlanks() throws IOException {
    SigningKey pair = SigningKey.generate(new Random(1));
    String text = pair.secretText();
    Files.writeString(
        files.secretFile(), " " + text.substring(0, 64) + "\r\n" + text.substring(64) + "\n");
    Files.writeString(files.publicFile(), pair.publicKey().text() + "\n");
    assertThat(files.load().orElseThrow().secretText()).isEqualTo(text);
  }

  @Test
  void readsFilesWithAMarkAndQuotes() throws IOException {
    SigningKey pair = SigningKey.generate(new Random(1));
    Files.writeString(files.secretFile(), "\uFEFF\"" + pair.secretText() + "\"\r\n");
    Files.writeString(files.publicFile(), "\uFEFF" + pair.publicKey().text());
    assertThat(files.load().orElseThrow().secretText()).isEqualTo(pair.secretText());
  }

  @Test
  void readsAFileThatPowerShellMade() throws IOException {
    SigningKey pair = SigningKey.generate(new Random(1));
    Files.write(
        files.secretFile(), ("\uFEFF" + pair.secretText()).getBytes(StandardCharsets.UTF_16LE));
    assertThat(files.load().orElseThrow().secretText()).isEqualTo(pair.secretText());
  }

  @Test
  void keepsAGivenPairWhereThereIsNone() throws IOException {
    SigningKey pair = SigningKey.generate(new Random(1));
    KeyFiles given = new KeyFiles(folder, Optional.of(pair), new Random(7));
    assertThat(given.load().orElseThrow().secretText()).isEqualTo(pair.secretText());
    assertThat(files.secretFile()).doesNotExist();
    assertThat(given.loadOrCreate().secretText()).isEqualTo(pair.secretText());
    assertThat(files.load().orElseThrow().secretText()).isEqualTo(pair.secretText());
    assertThat(given.toString()).doesNotContain(pair.secretText());
  }

  @Test
  void makesAMissingPublicFileAgain() throws IOException {
    SigningKey pair = files.loadOrCreate();
    Files.delete(files.publicFile());
    files.load();
    assertThat(Files.readString(files.publicFile())).isEqualTo(pair.publicKey().text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "garbage!", "AAAA", "half"})
  void refusesADamagedSecretFileAndLeavesItAlone(String text) throws IOException {
    String written =
        text.equals("half")
            ? SigningKey.generate(new Random(1)).secretText().substring(0, 60)
            : text;
    Files.writeString(files.secretFile(), written);
    assertThatThrownBy(files::loadOrCreate)
        .isInstanceOf(SettingException.class)
        .message()
        .contains("id_ed25519 = not a key pair: restore it")
        .hasLineCount(1);
    assertThat(Files.readString(files.secretFile())).isEqualTo(written);
    assertThat(files.publicFile()).doesNotExist();
  }

  @Test
  void refusesASecretFileWhoseHalvesDoNotBelongTogether() throws IOException {
    byte[] bytes = Base64.getDecoder().decode(SigningKey.generate(new Random(1)).secretText());
    bytes[63] ^= 1;
    Files.writeString(files.secretFile(), Base64.getEncoder().encodeToString(bytes));
    assertThatThrownBy(files::load).hasMessageContaining("not a key pair");
  }

  @Test
  void refusesASecretFileOfMegabytesWithoutReadingIt() throws IOException {
    Files.write(files.secretFile(), new byte[5_000_000]);
    assertThatThrownBy(files::load).hasMessageContaining("not a key pair");
  }

  @Test
  void refusesThePublicFileOfAnotherPairAndLeavesItAlone() throws IOException {
    files.loadOrCreate();
    String other = SigningKey.generate(new Random(1)).publicKey().text();
    Files.writeString(files.publicFile(), other);
    assertThatThrownBy(files::loadOrCreate)
        .hasMessageContaining("id_ed25519.pub = not the public half of id_ed25519");
    assertThat(Files.readString(files.publicFile())).isEqualTo(other);
  }

  @Test
  void refusesADamagedPublicFile() throws IOException {
    files.loadOrCreate();
    Files.writeString(files.publicFile(), "x");
    assertThatThrownBy(files::loadOrCreate).hasMessageContaining("not a public key");
  }

  @Test
  void refusesAPublicFileWithoutItsSecretRatherThanReplaceIt() throws IOException {
    String text = SigningKey.generate(new Random(1)).publicKey().text();
    Files.writeString(files.publicFile(), text);
    assertThatThrownBy(files::loadOrCreate)
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("without its secret");
    assertThat(files.secretFile()).doesNotExist();
  }

  @Test
  void givesAllNodesThatStartTogetherInOneFolderTheSamePair() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Callable<String>> starts =
          IntStream.range(0, 16)
              .<Callable<String>>mapToObj(seed ->
                  () ->
                      new KeyFiles(folder, Optional.empty(), new Random(seed))
                          .loadOrCreate()
                          .secretText())
              .toList();
      Set<String> seen =
          threads.invokeAll(starts).stream().map(Future::resultNow).collect(Collectors.toSet());
      assertThat(seen).containsExactly(Files.readString(files.secretFile()));
    }
  }

  @Test
  void neverGeneratesOverAPairWithoutForce() {
    String first = files.generate(false).secretText();
    assertThatThrownBy(() -> files.generate(false))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("--force");
    assertThat(files.load().orElseThrow().secretText()).isEqualTo(first);
  }

  @Test
  void putsTheOldPairAsideWithForce() throws IOException {
    String first = files.generate(false).secretText();
    String second = files.generate(true).secretText();
    assertThat(second).isNotEqualTo(first).isEqualTo(files.load().orElseThrow().secretText());
    assertThat(Files.readString(folder.resolve("id_ed25519.old"))).isEqualTo(first);
    assertThat(permissions(folder.resolve("id_ed25519.old"))).isEqualTo("rw-------");
  }

  @Test
  void seesThatOthersCanReadTheSecret() throws IOException {
    files.loadOrCreate();
    Files.setPosixFilePermissions(files.secretFile(), PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(files.isSecretReadableByOthers()).isTrue();
  }
}
