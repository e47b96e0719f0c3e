package dev.rallypoint.transport.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.metrics.Event;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestCertificate;
import dev.rallypoint.testing.TlsClient;
import dev.rallypoint.transport.EchoListeners;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A certificate whose files change while connections come. */
class CertificateWatchTest {
  @TempDir Path folder;
  private EchoListeners ports;

  @BeforeEach
  void begin() {
    ports = new EchoListeners(folder);
  }

  @AfterEach
  void end() {
    ports.close();
  }

  @Test
  void servesNewConnectionsWithANewCertificateAndKeepsOldConnections() throws Exception {
    int port = ports.bind(ports.policies().forHttp(1));
    ports.watchCertificate();
    try (TlsClient before = TlsClient.of(TcpClient.from("127.0.0.2", port), "TLSv1.3")) {
      before.say("x");
      assertThat(before.certificateName()).isEqualTo("CN=first.example");
      TestCertificate.of("second.example", "RSA").writeTo(folder);
      await()
          .untilAsserted(
              () -> assertThat(EchoListeners.certificateAt(port)).isEqualTo("CN=second.example"));
      assertThat(before.say("still here")).endsWith("still here");
    }
    assertThat(ports.counters().of(Event.CERTIFICATES_RELOADED)).isEqualTo(1);
  }

  @Test
  void keepsTheOldCertificateWhenTheNewFilesCannotBeUsed() throws Exception {
    int port = ports.bind(ports.policies().forHttp(1));
    ports.watchCertificate();
    Files.writeString(
        ports.files().certificate(), TestCertificate.of("second.example", "RSA").chain());
    await()
        .untilAsserted(
            () -> assertThat(ports.counters().of(Event.CERTIFICATES_REFUSED)).isEqualTo(1));
    assertThat(EchoListeners.certificateAt(port)).isEqualTo("CN=first.example");
    Files.delete(ports.files().key());
    await()
        .untilAsserted(
            () -> assertThat(ports.counters().of(Event.CERTIFICATES_REFUSED)).isEqualTo(2));
    assertThat(EchoListeners.certificateAt(port)).isEqualTo("CN=first.example");
    TestCertificate.of("third.example", "EC").writeTo(folder);
    await()
        .untilAsserted(
            () -> assertThat(EchoListeners.certificateAt(port)).isEqualTo("CN=third.example"));
  }
}
