package dev.rallypoint.app.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.protocol.identity.SigningKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTextTest {
  private static final SigningKey PAIR = SigningKey.generate(new Random(5));
  private static final KeyText SECRET = KeyText.of(PAIR.secretText());
  private static final KeyText PUBLIC = KeyText.of(PAIR.publicKey().text());

  @TempDir Path folder;

  private enum Writing {
    BARE(text -> text),
    IN_QUOTES(text -> '"' + text + '"'),
    IN_SINGLE_QUOTES(text -> "'" + text + "'"),
    IN_TWO_PAIRS(text -> "'\"" + text + "\"'"),
    OF_A_WORD_PROCESSOR(text -> "“" + text + "”"),
    WITH_LINE_END_OF_WINDOWS(text -> text + "\r\n"),
    WITH_INVISIBLE_BLANKS(text -> "\uFEFF\u200B" + text + "\u00A0"),
    IN_TWO_LINES(text -> text.substring(0, 20) + "\n" + text.substring(20));

    private final UnaryOperator<String> how;

    Writing(UnaryOperator<String> how) {
      this.how = how;
    }
  }

  private void write(String name, String text) throws Exception {
    Files.writeString(folder.resolve(name), text);
  }

  @ParameterizedTest
  @EnumSource
  void knowsAKeyHoweverItIsWritten(Writing writing) {
    assertThat(KeyText.of(writing.how.apply(PAIR.secretText())))
        .isInstanceOfSatisfying(
            KeyText.SecretPair.class,
            secret -> assertThat(secret.pair().secretText()).isEqualTo(PAIR.secretText()));
    assertThat(KeyText.of(writing.how.apply(PAIR.publicKey().text()))).isEqualTo(PUBLIC);
  }

  @ParameterizedTest
  @EnumSource
  void readsAKeyFileHoweverItIsWritten(Writing writing) throws Exception {
    write("s", writing.how.apply(PAIR.secretText()));
    write("p", writing.how.apply(PAIR.publicKey().text()));
    assertThat(KeyText.of("s", folder)).isInstanceOf(KeyText.SecretPair.class);
    assertThat(KeyText.of("./p", folder)).isEqualTo(PUBLIC);
    assertThat(KeyText.of(folder.resolve("p").toString(), Path.of("/"))).isEqualTo(PUBLIC);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/run/secrets/gone",
        "./id_ed25519",
        "../gone",
        "~/id_ed25519",
        "id_ed25519",
        "id_ed25519.pub",
        "keys/id_ed25519"
      })
  void isDamagedWhereItIsThePathOfNoFile(String path) {
    assertThat(KeyText.of(path, folder)).isInstanceOf(KeyText.Damaged.class);
  }

  @Test
  void isDamagedWhereItIsThePathOfAFolder() throws Exception {
    Files.createDirectory(folder.resolve("id_ed25519"));
    assertThat(KeyText.of("./id_ed25519", folder)).asString().contains("this is a folder");
    assertThat(KeyText.of(folder.toString(), folder)).asString().contains("this is a folder");
  }

  @Test
  void isDamagedWhereItsFileHasNoKey() throws Exception {
    write("notes", "open sesame");
    write("empty", "");
    write("large", "a".repeat(10_000));
    assertThat(KeyText.of("notes", folder)).isInstanceOf(KeyText.Damaged.class);
    assertThat(KeyText.of("empty", folder)).isInstanceOf(KeyText.Damaged.class);
    assertThat(KeyText.of("large", folder)).isInstanceOf(KeyText.Damaged.class);
  }

  @Test
  void isDamagedWhereLettersAreMissingOrTooMany() {
    String secret = PAIR.secretText();
    String half = PAIR.publicKey().text();
    assertThat(KeyText.of(half.substring(0, 43)))
        .hasToString("Damaged[advice=its last character '=' is missing]");
    assertThat(KeyText.of(half.substring(1))).isInstanceOf(KeyText.Damaged.class);
    assertThat(KeyText.of("a" + half)).isInstanceOf(KeyText.Damaged.class);
    assertThat(KeyText.of(secret.substring(2))).isInstanceOf(KeyText.Damaged.class);
    assertThat(KeyText.of("aa" + secret)).isInstanceOf(KeyText.Damaged.class);
    assertThat(KeyText.of('"' + secret)).isInstanceOf(KeyText.Damaged.class);
    assertThat(KeyText.of(half + "'")).isInstanceOf(KeyText.Damaged.class);
    assertThat(KeyText.of("${KEY}")).isInstanceOf(KeyText.Damaged.class);
    assertThat(KeyText.of("$KEY")).isInstanceOf(KeyText.Damaged.class);
    assertThat(KeyText.of("<your key>")).isInstanceOf(KeyText.Damaged.class);
    assertThat(KeyText.of("{{ key }}")).isInstanceOf(KeyText.Damaged.class);
  }

  @Test
  void takesASecretWithoutItsFillingLetters() {
    assertThat(KeyText.of(PAIR.secretText().replace("=", ""))).isInstanceOf(SECRET.getClass());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "open sesame",
        "letmein",
        "pa/ss",
        "$ecret",
        "correct horse battery staple",
        "höchst geheim",
        // What openssl rand -hex 32 makes.
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
      })
  void leavesWordsAlone(String words) {
    assertThat(KeyText.of(words, folder)).isEqualTo(new KeyText.PlainText(words));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\"\"", "''"})
  void isNoCheckWhereItIsEmpty(String text) {
    assertThat(KeyText.of(text, folder)).isEqualTo(new KeyText.NoCheck());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-", "_", "\"-\"", "'_'"})
  void isTheFoldersPair(String text) {
    assertThat(KeyText.of(text, folder)).isEqualTo(new KeyText.FolderPair());
  }

  @Test
  void showsNoSecret() {
    assertThat(KeyText.of('"' + PAIR.secretText()).toString())
        .doesNotContain(PAIR.secretText().substring(0, 10));
  }
}
