package dev.rallypoint.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rallypoint.config.RelaySettings;
import java.net.SocketException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The same where bytes are copied, as on systems without splice(2). */
class CopiedBytesTest extends RelayBytesTest {
  @Override
  RelaySettings settings() {
    return RelayLab.copying();
  }

  /** Where bytes are spliced, the system may keep to itself that a write met a reset. */
  @Test
  void passesAResetOnToASideThatIsSending() throws Exception {
    try (Couple couple = couple("reset-talker")) {
      var talking = RelayClient.async(() -> couple.a().sayRandom(15, 1L << 40));
      couple.b().hashOf(MEGA);
      couple.b().reset();
      assertThatThrownBy(couple.a()::read).isInstanceOf(SocketException.class);
      assertThat(talking).failsWithin(Duration.ofSeconds(20));
    }
    lab.awaitSessions(0);
  }
}
