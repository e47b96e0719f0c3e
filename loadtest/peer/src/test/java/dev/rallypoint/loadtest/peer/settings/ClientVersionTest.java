package dev.rallypoint.loadtest.peer.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientVersionTest {
  @ParameterizedTest
  @CsvSource({
    "1.1.9, false, false, false, 12, 6",
    "1.2.0, true,  false, false, 12, 6",
    "1.2.3, true,  false, false, 12, 6",
    "1.2.4, true,  false, false, 15, 6",
    "1.2.7, true,  true,  false, 15, 6",
    "1.4.0, true,  true,  false, 15, 6",
    "1.4.1, true,  true,  true,  15, 3",
    "1.4.9, true,  true,  true,  15, 3",
  })
  void behavesAsTheTablesSay(
      String text, boolean keys, boolean sendsVersion, boolean udp, int interval, int firstWait) {
    ClientVersion version = ClientVersion.parse(text);

    assertThat(version.sendsKey()).isEqualTo(keys);
    assertThat(version.sendsVersion()).isEqualTo(sendsVersion);
    assertThat(version.punchesUdp()).isEqualTo(udp);
    assertThat(version.requiresEncryption()).isEqualTo(udp);
    assertThat(version.registerInterval()).isEqualTo(Duration.ofSeconds(interval));
    assertThat(version.attemptWaits().getFirst()).isEqualTo(Duration.ofSeconds(firstWait));
  }

  @Test
  void comparesNumbersNotText() {
    assertThat(ClientVersion.parse("1.10.0").isAtLeast(1, 9, 9)).isTrue();
  }

  @Test
  void refusesWhatIsNoVersion() {
    assertThatIllegalArgumentException().isThrownBy(() -> ClientVersion.parse("1.4"));
  }
}
