package dev.rallypoint.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.metrics.ClientJournal.Refusal;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.NatType;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClientJournalTest {
  private static final PeerAddress CLIENT = PeerAddress.v4(0xCB007107, 50_000);
  private final AtomicLong micros = new AtomicLong(1_700_000_000_000_000L);
  private final ClientJournal journal = new ClientJournal(micros::get);

  private void refuse(String id, String reason) {
    micros.addAndGet(1_000_000);
    journal.refused(id, CLIENT, reason);
  }

  @Test
  void remembersTheLastRefusalsOfAnIdAndOfItsAddress() {
    IntStream.rangeClosed(1, 10).forEach(i -> refuse("123456789", "reason " + i));

    assertThat(journal.refusals("123456789"))
        .hasSize(ClientJournal.MOST_OF_ONE)
        .isEqualTo(journal.refusals("203.0.113.7"))
        .extracting(Refusal::reason)
        .startsWith("reason 10", "reason 9");
    assertThat(journal.refusals("987654321")).isEmpty();
  }

  @Test
  void notesNoMoreThanSoManyRefusalsInASecond() {
    IntStream.range(0, 2_000).forEach(i -> journal.refused("id" + i, CLIENT, "flood"));

    assertThat(IntStream.range(0, 2_000).filter(i -> !journal.refusals("id" + i).isEmpty()).count())
        .isEqualTo(1_000);
  }

  @Test
  void leavesOutAnIdThatNoDeviceCanHave() {
    refuse("x".repeat(101), "reason");

    assertThat(journal.refusals("203.0.113.7"))
        .singleElement()
        .satisfies(one -> assertThat(one.id()).isEmpty());
    assertThat(journal.refusals("x".repeat(101))).isEmpty();
  }

  @Test
  void keepsTheVersionThatAnEarlierMessageSaid() {
    journal.said("123456789", NatType.SYMMETRIC, "1.4.2");
    journal.said("123456789", NatType.UNKNOWN_NAT, "1.4.3");

    assertThat(journal.said("123456789").orElseThrow().nat()).isEqualTo("symmetric");
    assertThat(journal.said("123456789").orElseThrow().version()).isEqualTo("1.4.3");
  }

  @Test
  void takesNoVersionThatIsNone() {
    journal.said("123456789", NatType.UNKNOWN_NAT, "1.4\n<b>");

    assertThat(journal.said("123456789")).isEmpty();
  }
}
