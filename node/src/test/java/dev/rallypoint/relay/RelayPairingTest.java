package dev.rallypoint.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.metrics.DropReason;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who is put together with whom, over real sockets. */
class RelayPairingTest {
  @RegisterExtension private final Relays relays = new Relays();
  private RelayLab lab;

  @BeforeEach
  void startRelay() {
    lab = relays.start();
  }

  @Test
  void pairsWhenTheControllingSideComesFirst() throws Exception {
    try (RelayClient a = lab.sideA("a-first");
        RelayClient b = lab.sideB("a-first")) {
      a.send("from a");
      b.send("from b");
      assertThat(b.receive(6)).isEqualTo("from a");
      assertThat(a.receive(6)).isEqualTo("from b");
    }
  }

  @Test
  void pairsWhenTheControlledSideComesFirst() throws Exception {
    try (RelayClient b = lab.sideB("b-first");
        RelayClient a = lab.sideA("b-first")) {
      b.send("from b");
      a.send("from a");
      assertThat(a.receive(6)).isEqualTo("from b");
      assertThat(b.receive(6)).isEqualTo("from a");
    }
  }

  @Test
  void deliversEarlyBytesFirstAndIntact() throws Exception {
    try (RelayClient b = lab.sideB("early")) {
      b.send("one ").send("two ");
      byte[] early = b.sendRandom(7, 200_000);
      try (RelayClient a = lab.sideA("early")) {
        b.send("later");
        assertThat(a.receive(8)).isEqualTo("one two ");
        assertThat(a.hashOf(200_000)).isEqualTo(early);
        assertThat(a.receive(5)).isEqualTo("later");
      }
    }
  }

  @Test
  void deliversMoreThanItKeepsOnceThePartnerComes() throws Exception {
    try (RelayClient b = lab.sideB("very-early")) {
      var sent = RelayClient.async(() -> b.sendRandom(8, 12_000_000));
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
        b.send(new byte[] {one});
      }
      b.send("behind");
      assertThat(a.receive(6)).isEqualTo("behind");
    }
  }

  @Test
  void refusesAThirdComer() throws Exception {
    try (RelayClient a = lab.sideA("third");
        RelayClient b = lab.sideB("third")) {
      b.send("x");
      assertThat(a.receive(1)).isEqualTo("x");
      try (RelayClient third = lab.sideB("third")) {
        assertThat(third.isClosed()).isTrue();
      }
      assertThat(lab.counters().of(DropReason.RELAY_TAKEN)).isOne();
      b.send("y");
      assertThat(a.receive(1)).isEqualTo("y");
    }
  }

  @Test
  void refusesTheSameSideTwice() throws Exception {
    try (RelayClient first = lab.sideA("twice")) {
      lab.awaitLegs(1);
      try (RelayClient second = lab.sideA("twice");
          RelayClient b = lab.sideB("twice")) {
        assertThat(second.isClosed()).isTrue();
        b.send("for the first");
        assertThat(first.receive(13)).isEqualTo("for the first");
      }
    }
  }

  @Test
  void refusesALateComer() throws Exception {
    RelayClient a = lab.sideA("late");
    RelayClient b = lab.sideB("late");
    b.send("x");
    a.receive(1);
    a.close();
    b.close();
    lab.awaitSessions(0);
    try (RelayClient late = lab.sideA("late")) {
      assertThat(late.isClosed()).isTrue();
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
      b.send("hello");
      assertThat(a.receive(5)).isEqualTo("hello");
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
      b.send("hello");
      assertThat(a.receive(5)).isEqualTo("hello");
    }
  }
}
