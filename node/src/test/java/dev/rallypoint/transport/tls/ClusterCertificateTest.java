package dev.rallypoint.transport.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rallypoint.config.ClusterTls;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.testing.TestAuthority;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterCertificateTest {
  private static final TestAuthority AUTHORITY = new TestAuthority();

  @TempDir Path folder;

  private static void refuses(ClusterTls files, String setting, Path file, String line) {
    assertThatThrownBy(() -> ClusterCertificate.load(files))
        .isInstanceOf(SettingException.class)
        .message()
        .startsWith(setting + " = " + file + ": ")
        .contains(line)
        .hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC", "Ed25519"})
  void takesAKeyOfEachFamily(String family) {
    ClusterCertificate loaded = ClusterCertificate.load(AUTHORITY.writeTo(folder, family));
    assertThat(loaded.engine(false).getNeedClientAuth()).isTrue();
    assertThat(loaded.engine(true).getEnabledProtocols()).containsExactly("TLSv1.3");
  }

  @Test
  void refusesACertificateOfAnotherAuthority() throws Exception {
    ClusterTls files = AUTHORITY.writeTo(folder, "EC");
    ClusterTls others = new TestAuthority().writeTo(folder.resolve("other"), "EC");
    Files.copy(others.authority(), files.authority(), StandardCopyOption.REPLACE_EXISTING);
    refuses(
        files,
        "cluster-tls-certificate",
        files.certificate(),
        "must be signed by an authority in " + files.authority());
  }

  @Test
  void refusesTheKeyOfAnotherCertificate() throws Exception {
    ClusterTls files = AUTHORITY.writeTo(folder, "EC");
    ClusterTls others = AUTHORITY.writeTo(folder.resolve("other"), "EC");
    Files.copy(others.key(), files.key(), StandardCopyOption.REPLACE_EXISTING);
    refuses(files, "cluster-tls-key", files.key(), "it is not the key of the first certificate");
  }

  @Test
  void refusesACertificateThatHasExpired() {
    ClusterTls files = AUTHORITY.writeTo(folder, "EC", Duration.ofDays(-1));
    refuses(files, "cluster-tls-certificate", files.certificate(), "it has expired");
  }

  @Test
  void warnsOfACertificateThatRunsOutWithinThirtyDaysAndNotBefore() {
    ClusterCertificate loaded =
        ClusterCertificate.load(AUTHORITY.writeTo(folder, "EC", Duration.ofDays(40)));
    Instant end = loaded.end();
    assertThat(loaded.warning(end.minus(Duration.ofDays(31)))).isEmpty();
    assertThat(loaded.warning(end.minus(Duration.ofDays(29))))
        .get()
        .asString()
        .contains("good until " + end)
        .hasLineCount(1);
    assertThat(loaded.warning(end.plus(Duration.ofDays(1)))).isPresent();
  }

  @Test
  void refusesAKeyThatIsEncrypted() throws Exception {
    ClusterTls files = AUTHORITY.writeTo(folder, "EC");
    String plain = Files.readString(files.key());
    Files.writeString(
        files.key(),
        plain
            .replace(
                "-----BEGIN PRIVATE KEY-----",
                "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n")
            .replace("-----END PRIVATE KEY-----", "-----END RSA PRIVATE KEY-----"));
    refuses(files, "cluster-tls-key", files.key(), "it is encrypted");
  }

  @Test
  void refusesAnAuthorityThatIsNoCertificate() throws Exception {
    ClusterTls files = AUTHORITY.writeTo(folder, "EC");
    Files.writeString(files.authority(), "nothing");
    refuses(files, "cluster-tls-ca", files.authority(), "write a file with a certificate chain");
  }

  @Test
  void refusesAFileThatIsNotThere() throws Exception {
    ClusterTls files = AUTHORITY.writeTo(folder, "EC");
    Files.delete(files.key());
    refuses(files, "cluster-tls-key", files.key(), "there is no such file");
  }
}
