package dev.rallypoint.relay.legs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.relay.session.RelaySession;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutboxTest {
  private static final long REPEAT = Outbox.REPEAT.toNanos();

  private final Outbox remembrance = new Outbox();

  private static Outbox.Word word(String uuid) {
    return new Outbox.Word(uuid, RelaySession.Stop.NOW);
  }

  private List<String> due(long now) {
    return remembrance.due(now).stream().map(Outbox.Word::uuid).toList();
  }

  @Test
  void saysAWordAgainUntilItIsAnswered() {
    remembrance.onSaid(1, word("a"), 0);
    assertThat(due(REPEAT - 1)).isEmpty();
    assertThat(due(REPEAT)).containsExactly("a");
    assertThat(due(REPEAT + 1)).isEmpty();
    assertThat(due(2 * REPEAT)).containsExactly("a");
    remembrance.settle(1);
    assertThat(due(3 * REPEAT)).isEmpty();
  }

  @Test
  void saysOnlyTheLastWordOfALeg() {
    remembrance.onSaid(1, word("asks"), 0);
    remembrance.onSaid(1, word("ended"), 1);
    assertThat(due(2 * REPEAT)).containsExactly("ended");
  }

  @Test
  void saysWhatWasAddedAtOnceAndThenAgain() {
    remembrance.add(1, word("a"));
    remembrance.add(2, word("b"));
    remembrance.settle(2);
    assertThat(due(5)).containsExactly("a");
    assertThat(due(5)).isEmpty();
    assertThat(due(5 + REPEAT)).containsExactly("a");
  }

  @Test
  void saysSoManyWordsATurn() {
    for (int leg = 0; leg < Outbox.PACE + 5; leg++) {
      remembrance.add(leg, word("leg-" + leg));
    }
    assertThat(due(0)).hasSize(Outbox.PACE).startsWith("leg-0");
    assertThat(due(1)).hasSize(5);
    assertThat(due(REPEAT + 1)).hasSize(Outbox.PACE);
  }

  @Test
  void givesAWordUpInTheEnd() {
    remembrance.onSaid(1, word("a"), 0);
    assertThat(due(Outbox.PATIENCE.toNanos())).isEmpty();
    assertThat(due(2 * Outbox.PATIENCE.toNanos())).isEmpty();
  }
}
