package dev.rallypoint.relay.legs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.relay.session.SessionCommand;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages to sessions that are resent until they are acknowledged. */
class OutboxTest {
  private static final long RESEND = Outbox.RESEND.toNanos();

  private final Outbox outbox = new Outbox();

  private static Outbox.Message message(String uuid) {
    return new Outbox.Message(uuid, SessionCommand.Stop.NOW);
  }

  private List<String> due(long now) {
    return outbox.due(now).stream().map(Outbox.Message::uuid).toList();
  }

  @Test
  void resendsAMessageUntilItIsAcknowledged() {
    outbox.onSent(1, message("a"), 0);
    assertThat(due(RESEND - 1)).isEmpty();
    assertThat(due(RESEND)).containsExactly("a");
    assertThat(due(RESEND + 1)).isEmpty();
    assertThat(due(2 * RESEND)).containsExactly("a");
    outbox.remove(1);
    assertThat(due(3 * RESEND)).isEmpty();
  }

  @Test
  void sendsOnlyTheLastMessageOfALeg() {
    outbox.onSent(1, message("asks"), 0);
    outbox.onSent(1, message("ended"), 1);
    assertThat(due(2 * RESEND)).containsExactly("ended");
  }

  @Test
  void sendsWhatWasAddedAtOnceAndThenAgain() {
    outbox.add(1, message("a"));
    outbox.add(2, message("b"));
    outbox.remove(2);
    assertThat(due(5)).containsExactly("a");
    assertThat(due(5)).isEmpty();
    assertThat(due(5 + RESEND)).containsExactly("a");
  }

  @Test
  void sendsSoManyMessagesATurn() {
    for (int leg = 0; leg < Outbox.MAX_PER_TURN + 5; leg++) {
      outbox.add(leg, message("leg-" + leg));
    }
    assertThat(due(0)).hasSize(Outbox.MAX_PER_TURN).startsWith("leg-0");
    assertThat(due(1)).hasSize(5);
    assertThat(due(RESEND + 1)).hasSize(Outbox.MAX_PER_TURN);
  }

  @Test
  void givesUpAMessageInTheEnd() {
    outbox.onSent(1, message("a"), 0);
    assertThat(due(Outbox.GIVE_UP.toNanos())).isEmpty();
    assertThat(due(2 * Outbox.GIVE_UP.toNanos())).isEmpty();
  }
}
