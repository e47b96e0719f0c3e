package dev.rallypoint.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.metrics.DropReason;
import java.nio.file.Path;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is put together with whom, over real sockets. */
class RelayPairingTest {
  private static ActorSystem<Void> system;
  @TempDir private Path data;
  private RelayLab lab;

  @BeforeAll
  static void joinCluster() {
    system = RelayLab.cluster();
  }

  @AfterAll
  static void leaveCluster() {
    system.terminate();
  }

  @BeforeEach
  void startRelay() {
    lab = RelayLab.start(system, data);
  }

  @AfterEach
  void stopRelay() {
    lab.close();
  }

  @Test
  void pairsWhenTheControllingSideComesFirst() throws Exception {
    try (RelayClient a = lab.sideA("a-first");
        RelayClient b = lab.sideB("a-first")) {
      a.say("from a");
      b.say("from b");
      assertThat(b.hear(6)).isEqualTo("from a");
      assertThat(a.hear(6)).isEqualTo("from b");
    }
  }

  @Test
  void pairsWhenTheControlledSideComesFirst() throws Exception {
    try (RelayClient b = lab.sideB("b-first");
        RelayClient a = lab.sideA("b-first")) {
      b.say("from b");
      a.say("from a");
      assertThat(a.hear(6)).isEqualTo("from b");
      assertThat(b.hear(6)).isEqualTo("from a");
    }
  }

  @Test
  void deliversEarlyBytesFirstAndIntact() throws Exception {
    try (RelayClient b = lab.sideB("early")) {
      b.say("one ").say("two ");
      byte[] early = b.sayRandom(7, 200_000);
      try (RelayClient a = lab.sideA("early")) {
        b.say("later");
        assertThat(a.hear(8)).isEqualTo("one two ");
        assertThat(a.hashOf(200_000)).isEqualTo(early);
        assertThat(a.hear(5)).isEqualTo("later");
      }
    }
  }

  @Test
  void deliversMoreThanItKeepsOnceThePartnerComes() throws Exception {
    try (RelayClient b = lab.sideB("very-early")) {
      var sent = RelayClient.async(() -> b.sayRandom(8, 12_000_000));
      try (RelayClient a = lab.sideA("very-early")) {
        assertThat(a.hashOf(12_000_000)).isEqualTo(sent.join());
      }
    }
  }

  @Test
  void readsTheFirstFrameHoweverItIsCut() throws Exception {
    byte[] request = Requests.sideB("byte-by-byte");
    try (RelayClient a = lab.sideA("byte-by-byte");
        RelayClient b = lab.connect()) {
      for (byte one : request) {
        b.say(new byte[] {one});
      }
      b.say("behind");
      assertThat(a.hear(6)).isEqualTo("behind");
    }
  }

  @Test
  void refusesAThirdComer() throws Exception {
    try (RelayClient a = lab.sideA("third");
        RelayClient b = lab.sideB("third")) {
      b.say("x");
      assertThat(a.hear(1)).isEqualTo("x");
      try (RelayClient third = lab.sideB("third")) {
        assertThat(third.isCutOff()).isTrue();
      }
      assertThat(lab.counters().of(DropReason.RELAY_TAKEN)).isOne();
      b.say("y");
      assertThat(a.hear(1)).isEqualTo("y");
    }
  }

  @Test
  void refusesTheSameSideTwice() throws Exception {
    try (RelayClient first = lab.sideA("twice")) {
      lab.awaitLegs(1);
      try (RelayClient second = lab.sideA("twice");
          RelayClient b = lab.sideB("twice")) {
        assertThat(second.isCutOff()).isTrue();
        b.say("for the first");
        assertThat(first.hear(13)).isEqualTo("for the first");
      }
    }
  }

  @Test
  void refusesALateComer() throws Exception {
    RelayClient a = lab.sideA("late");
    RelayClient b = lab.sideB("late");
    b.say("x");
    a.hear(1);
    a.close();
    b.close();
    lab.awaitSessions(0);
    try (RelayClient late = lab.sideA("late")) {
      assertThat(late.isCutOff()).isTrue();
    }
    // It is one or the other by whether the session's end was known when it came.
    assertThat(lab.counters().of(DropReason.RELAY_LATE) + lab.counters().of(DropReason.RELAY_TAKEN))
        .isOne();
  }

  @Test
  void aWaiterThatGoesAwayFreesItsPlace() throws Exception {
    RelayClient gone = lab.sideA("again");
    lab.awaitLegs(1);
    gone.close();
    lab.awaitDrop(DropReason.RELAY_WAITER_GONE, 1);
    try (RelayClient a = lab.sideA("again");
        RelayClient b = lab.sideB("again")) {
      b.say("hello");
      assertThat(a.hear(5)).isEqualTo("hello");
    }
  }

  @Test
  void aWaiterThatIsResetFreesItsPlace() throws Exception {
    RelayClient gone = lab.sideB("reset");
    lab.awaitLegs(1);
    gone.reset();
    lab.awaitDrop(DropReason.RELAY_WAITER_GONE, 1);
    try (RelayClient b = lab.sideB("reset");
        RelayClient a = lab.sideA("reset")) {
      b.say("hello");
      assertThat(a.hear(5)).isEqualTo("hello");
    }
  }
}
