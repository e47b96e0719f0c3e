package dev.rallypoint.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.metrics.ClientJournal.Refusal;
import dev.rallypoint.metrics.ClientJournal.Way;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.NatType;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ClientJournalTest {
  private static final PeerAddress CLIENT = PeerAddress.v4(0xCB007107, 50_000);
  private final AtomicLong micros = new AtomicLong(1_700_000_000_000_000L);
  private final ClientJournal journal = new ClientJournal(micros::get);

  private void refuse(String id, String reason) {
    micros.addAndGet(1_000_000);
    journal.refused(id, CLIENT, Way.CONNECTION, reason);
  }

  private static PeerAddress host(int number) {
    return PeerAddress.v4(0x0A000000 + number, 50_000);
  }

  @Test
  void remembersTheLastRefusalsAboutAnIdAndOfItsAddress() {
    IntStream.rangeClosed(1, 10).forEach(i -> refuse("123456789", "reason " + i));

    assertThat(journal.refusalsAbout("123456789"))
        .hasSize(ClientJournal.MOST_OF_ONE)
        .isEqualTo(journal.refusalsOf(CLIENT))
        .extracting(Refusal::reason)
        .startsWith("reason 10", "reason 9");
    assertThat(journal.refusalsAbout("987654321")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void notesNoMoreThanSoManyRefusalsInASecond(Way way) {
    IntStream.range(0, 3_000).forEach(i -> journal.refused("123456789", host(i), way, "flood"));

    assertThat(
            IntStream.range(0, 3_000).filter(i -> !journal.refusalsOf(host(i)).isEmpty()).count())
        .isLessThanOrEqualTo(RefusalMemory.MOST_IN_SECOND);
  }

  @Test
  void forgetsNoRefusalOfAConnectionForAnyNumberOfDatagrams() {
    refuse("123456789", "punch offline");
    for (int i = 0; i < 20_000; i++) {
      micros.addAndGet(2_000);
      journal.refused("123456789", host(i), Way.DATAGRAM, "registration uuid_mismatch");
    }

    assertThat(journal.refusalsOf(CLIENT)).hasSize(1);
    micros.addAndGet(1_000_000);
    refuse("123456789", "punch access_key");
    assertThat(journal.refusalsAbout("123456789"))
        .first()
        .extracting(Refusal::reason)
        .isEqualTo("punch access_key");
  }

  @Test
  void showsWhatAConnectionMetBesideAnyNumberOfDatagrams() {
    refuse("123456789", "punch offline");
    for (int i = 0; i < 20; i++) {
      micros.addAndGet(1_000_000);
      journal.refused("123456789", host(i), Way.DATAGRAM, "registration uuid_mismatch");
    }

    assertThat(journal.refusalsAbout("123456789"))
        .extracting(Refusal::reason)
        .contains("punch offline", "registration uuid_mismatch");
  }

  @Test
  void forgetsNoRefusalOfOthersForAnyNumberOfOneHost() {
    refuse("123456789", "punch offline");
    for (int i = 0; i < 20_000; i++) {
      micros.addAndGet(i % 2_000 == 0 ? 1_000_000 : 0);
      journal.refused("id-of-" + i, host(1), Way.CONNECTION, "punch unknown");
    }
    journal.refused("223456789", host(2), Way.CONNECTION, "punch offline");

    assertThat(journal.refusalsAbout("123456789")).hasSize(1);
    assertThat(journal.refusalsAbout("223456789")).as("in the second of the flood").hasSize(1);
  }

  @Test
  void leavesOutAnIdThatNoDeviceCanHave() {
    refuse("x".repeat(101), "reason");

    assertThat(journal.refusalsOf(CLIENT))
        .singleElement()
        .satisfies(one -> assertThat(one.id()).isEmpty());
    assertThat(journal.refusalsAbout("x".repeat(101))).isEmpty();
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
