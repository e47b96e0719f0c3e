package dev.rallypoint.transport.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.metrics.Event;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestCertificate;
import dev.rallypoint.testing.TlsClient;
import dev.rallypoint.transport.Doorway;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A certificate whose files change while connections come. */
class CertificateWatchTest {
  @TempDir Path folder;
  private Doorway door;

  @BeforeEach
  void begin() {
    door = new Doorway(folder);
  }

  @AfterEach
  void end() {
    door.close();
  }

  @Test
  void servesNewConnectionsWithANewCertificateAndKeepsOldConnections() throws Exception {
    int port = door.bind(door.entrances().forHttp(1));
    door.watchCertificate();
    try (TlsClient before = TlsClient.of(TcpClient.from("127.0.0.2", port), "TLSv1.3")) {
      before.say("x");
      assertThat(before.certificateName()).isEqualTo("CN=first.example");
      TestCertificate.of("second.example", "RSA").writeTo(folder);
      await()
          .untilAsserted(
              () -> assertThat(Doorway.certificateAt(port)).isEqualTo("CN=second.example"));
      assertThat(before.say("still here")).endsWith("still here");
    }
    assertThat(door.counters().of(Event.CERTIFICATES_RELOADED)).isEqualTo(1);
  }

  @Test
  void keepsTheOldCertificateWhenTheNewFilesCannotBeUsed() throws Exception {
    int port = door.bind(door.entrances().forHttp(1));
    door.watchCertificate();
    Files.writeString(
        door.files().certificate(), TestCertificate.of("second.example", "RSA").chain());
    await()
        .untilAsserted(
            () -> assertThat(door.counters().of(Event.CERTIFICATES_REFUSED)).isEqualTo(1));
    assertThat(Doorway.certificateAt(port)).isEqualTo("CN=first.example");
    Files.delete(door.files().key());
    await()
        .untilAsserted(
            () -> assertThat(door.counters().of(Event.CERTIFICATES_REFUSED)).isEqualTo(2));
    assertThat(Doorway.certificateAt(port)).isEqualTo("CN=first.example");
    TestCertificate.of("third.example", "EC").writeTo(folder);
    await()
        .untilAsserted(() -> assertThat(Doorway.certificateAt(port)).isEqualTo("CN=third.example"));
  }
}
