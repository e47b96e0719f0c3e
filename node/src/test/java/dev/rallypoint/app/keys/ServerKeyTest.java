package dev.rallypoint.app.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rallypoint.config.SettingException;
import dev.rallypoint.protocol.identity.SigningKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerKeyTest {
  private static final SigningKey OTHER = SigningKey.generate(new Random(99));

  @TempDir Path folder;
  private KeyFiles files;

  @BeforeEach
  void begin() {
    files = new KeyFiles(folder, Optional.empty(), new Random(7));
  }

  private void assertFolderIsEmpty() throws Exception {
    try (var all = Files.list(folder)) {
      assertThat(all).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-", "_"})
  void makesTheFoldersPairAndChecksItsPublicKey(String setting) {
    ServerKey key = ServerKey.of(KeyText.of(setting), files);
    String text = files.load().orElseThrow().publicKey().text();
    assertThat(key.publicText()).contains(text);
    assertThat(key.access().admits(text)).isTrue();
    assertThat(key.access().admits("")).isFalse();
  }

  @Test
  void takesASecretPairWithoutWritingIt() throws Exception {
    ServerKey key = ServerKey.of(KeyText.of(OTHER.secretText()), files);
    assertThat(key.publicText()).contains(OTHER.publicKey().text());
    assertThat(key.access().required()).isEqualTo(OTHER.publicKey().text());
    assertFolderIsEmpty();
  }

  @Test
  void refusesASecretWhoseHalvesDoNotBelongTogetherWithoutShowingIt() throws Exception {
    byte[] bytes = Base64.getDecoder().decode(OTHER.secretText());
    bytes[0] ^= 1;
    String text = Base64.getEncoder().encodeToString(bytes);
    assertThatThrownBy(() -> ServerKey.of(KeyText.of(text), files))
        .isInstanceOf(SettingException.class)
        .message()
        .contains("do not belong together")
        .doesNotContain(text);
    assertFolderIsEmpty();
  }

  @Test
  void signsWithTheFoldersPairAndServesEverybodyWhenEmpty() {
    ServerKey key = ServerKey.of(KeyText.of(""), files);
    assertThat(key.access().isOpen()).isTrue();
    assertThat(key.publicText()).contains(files.load().orElseThrow().publicKey().text());
  }

  @Test
  void signsWithTheFoldersPairWhenItsOwnPublicKeyIsGiven() {
    String text = files.loadOrCreate().publicKey().text();
    ServerKey key = ServerKey.of(KeyText.of(text), files);
    assertThat(key.publicText()).contains(text);
    assertThat(key.access().required()).isEqualTo(text);
  }

  @Test
  void onlyChecksAnotherPublicKey() {
    files.loadOrCreate();
    ServerKey key = ServerKey.of(KeyText.of(OTHER.publicKey().text()), files);
    assertThat(key.signing()).isEmpty();
    assertThat(key.access().required()).isEqualTo(OTHER.publicKey().text());
  }

  @Test
  void makesNoPairForAPublicKey() throws Exception {
    assertThat(ServerKey.of(KeyText.of(OTHER.publicKey().text()), files).signing()).isEmpty();
    assertFolderIsEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"open sesame", "letmein", "AAAA", "--"})
  void takesAnyOtherTextAsWhatClientsMustSend(String text) {
    ServerKey key = ServerKey.of(KeyText.of(text), files);
    assertThat(key.access().required()).isEqualTo(text);
    assertThat(key.publicText()).contains(files.load().orElseThrow().publicKey().text());
  }

  @Test
  void refusesTheFoldersPublicKeyWithItsLastLetterLost() {
    String text = files.loadOrCreate().publicKey().text().replace("=", "");
    assertThatThrownBy(() -> ServerKey.of(KeyText.of(text), files))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("its last character '=' is missing");
  }

  @Test
  void neverShowsTheSecretOrTheText() {
    assertThat(ServerKey.of(KeyText.of("open sesame"), files).toString()).doesNotContain("sesame");
    assertThat(KeyText.of("open sesame").toString()).doesNotContain("sesame");
    assertThat(KeyText.of(OTHER.secretText()).toString())
        .doesNotContain(OTHER.secretText().substring(0, 20));
  }
}
