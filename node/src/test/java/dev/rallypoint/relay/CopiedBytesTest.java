package dev.rallypoint.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.rallypoint.config.RelaySettings;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
      var talking = RelayClient.async(() -> couple.a().sendRandom(15, 1L << 40));
      couple.b().hashOf(MEGA);
      couple.b().reset();
      Throwable read = catchThrowable(couple.a()::read);
      Throwable written = catchThrowable(() -> talking.get(20, TimeUnit.SECONDS));
      // The client's system too tells only one of them, whichever asks first.
      assertThat(List.of(message(read), message(written)))
          .anyMatch(message -> message.contains("Connection reset"));
    }
    lab.awaitSessions(0);
  }

  private static String message(@Nullable Throwable thrown) {
    return String.valueOf(thrown);
  }
}
