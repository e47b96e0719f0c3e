package dev.rallypoint.transport.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rallypoint.config.SettingException;
import dev.rallypoint.config.TlsSettings;
import dev.rallypoint.testing.TestCertificate;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateTest {
  private static final TestCertificate GOOD = TestCertificate.of("good.example", "EC");

  @TempDir Path folder;
  private TlsSettings files;

  @BeforeEach
  void begin() {
    files = new TlsSettings(folder.resolve("chain.pem"), folder.resolve("key.pem"));
  }

  private void write(String chain, String key) throws Exception {
    Files.writeString(files.certificate(), chain);
    Files.writeString(files.key(), key);
  }

  private void refuses(String line) {
    assertThatThrownBy(() -> Certificate.load(files))
        .isInstanceOf(SettingException.class)
        .message()
        .contains(line)
        .contains(folder.toString())
        .hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC", "Ed25519"})
  void takesAKeyOfEachFamily(String family) throws Exception {
    TestCertificate made = TestCertificate.of("a.example", family);
    write(made.chain(), made.key());
    assertThat(Certificate.load(files).problem()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC"})
  void takesAKeyInItsFamilysOlderForm(String family) throws Exception {
    TestCertificate made = TestCertificate.of("a.example", family);
    write(made.chain(), made.olderKey());
    assertThat(made.olderKey()).contains("BEGIN " + family + " PRIVATE KEY");
    assertThat(Certificate.load(files).problem()).isEmpty();
  }

  @Test
  void takesFilesWithAMarkAndLineEndsOfWindows() throws Exception {
    write("\uFEFF" + GOOD.chain().replace("\n", "\r\n"), "\uFEFF" + GOOD.key());
    assertThat(Certificate.load(files).problem()).isEmpty();
  }

  @Test
  void takesTextInAnotherEncodingBetween() throws Exception {
    Files.write(
        files.certificate(),
        ("# gr\u00fc\u00df\n" + GOOD.chain()).getBytes(StandardCharsets.ISO_8859_1));
    Files.writeString(files.key(), GOOD.key());
    assertThat(Certificate.load(files).problem()).isEmpty();
  }

  @Test
  void takesAChainWithTextBetween() throws Exception {
    String others = TestCertificate.of("good.example", "RSA").chain();
    write("# own, gr\u00fc\u00df\n" + GOOD.chain() + "\nsubject=CA\n" + others, GOOD.key());
    assertThat(Certificate.load(files).context()).isNotNull();
  }

  @Test
  void refusesAChainThatIsNone() throws Exception {
    write(GOOD.chain() + TestCertificate.of("other.example", "EC").chain(), GOOD.key());
    refuses("the node's own certificate first, then each one's issuer");
  }

  @Test
  void takesOneFileForBoth() throws Exception {
    write(GOOD.key() + GOOD.chain(), GOOD.chain() + GOOD.key());
    assertThat(Certificate.load(files).context()).isNotNull();
  }

  @Test
  void complainsOfAnExpiredOneAndTakesIt() throws Exception {
    TestCertificate old = TestCertificate.of("old.example", "EC", Duration.ofDays(-1));
    write(old.chain(), old.key());
    assertThat(Certificate.load(files).problem()).get().asString().contains("expired");
  }

  @Test
  void complainsOfOneThatIsNotGoodYet() throws Exception {
    TestCertificate early = TestCertificate.of("early.example", "EC", Duration.ofDays(90));
    write(early.chain(), early.key());
    assertThat(Certificate.load(files).problem()).get().asString().contains("not good yet");
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC"})
  void refusesAKeyThatIsNotTheCertificates(String family) throws Exception {
    write(GOOD.chain(), TestCertificate.of("other.example", family).key());
    refuses("tls-key = " + files.key() + ": it is not the key of the first certificate in ");
  }

  @Test
  void refusesAMissingFile() throws Exception {
    Files.writeString(files.certificate(), GOOD.chain());
    refuses("tls-key = " + files.key() + ": there is no such file");
  }

  @Test
  void refusesAFolder() throws Exception {
    Files.createDirectories(files.certificate());
    refuses("tls-certificate = " + files.certificate() + ": this is a folder; name the file");
  }

  @Test
  void refusesAFileThatIsTooLong() throws Exception {
    write("x".repeat((1 << 20) + 1), GOOD.key());
    refuses("write a file with a certificate chain in PEM");
  }

  @Test
  void refusesAnEncryptedKey() throws Exception {
    write(
        GOOD.chain(),
        """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAizsD70wVxEagICCAAw
        DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEA1ZBosthpmXvw4AK1ubyvMEQB2p
        9DP9AAIttCcQVTfqUTnSASA76e3ovAbyP9qOrMmXibQuPSjwfzOLFOBM4UNPc/j0
        IHfBi9+0nMWjvKWhgww=
        -----END ENCRYPTED PRIVATE KEY-----
        """);
    refuses("it is encrypted");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no PEM at all",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n",
        "-----BEGIN PRIVATE KEY-----\n!!!!\n-----END PRIVATE KEY-----\n",
      })
  void refusesBrokenFiles(String text) throws Exception {
    write(text, GOOD.key());
    refuses("tls-certificate = ");
    write(GOOD.chain(), text);
    refuses("tls-key = ");
  }

  @Test
  void refusesWhateverIsFlippedInAKeyInOneLine() throws Exception {
    Random random = new Random(11);
    for (int round = 0; round < 300; round++) {
      byte[] key = GOOD.key().getBytes(StandardCharsets.US_ASCII);
      key[random.nextInt(key.length)] = (byte) random.nextInt(256);
      Files.writeString(files.certificate(), GOOD.chain());
      Files.write(files.key(), key);
      try {
        Certificate.load(files); // a flip in what does not matter
      } catch (SettingException e) {
        assertThat(e).message().startsWith("tls-key = ").hasLineCount(1);
      }
    }
  }
}
