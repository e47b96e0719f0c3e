package dev.rallypoint.policy.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.policy.limit.ConcurrencyLimit.Admission;
import dev.rallypoint.protocol.address.PeerAddress;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Questions under way at once, from many addresses and from one. */
class ConcurrencyLimitTest {
  private static final PeerAddress ONE = PeerAddress.v4(0xCB007107, 50_000);
  private static final int LEAST = 100;
  private static final int MOST = 5_000;

  private final ConcurrencyLimit limit = new ConcurrencyLimit(LEAST, MOST, 7);
  private int hosts;

  private PeerAddress another() {
    return PeerAddress.v4(hosts++, 50_000);
  }

  private long admitted(int wanted, long now) {
    return IntStream.range(0, wanted)
        .filter(i -> limit.begin(another(), now) == Admission.ADMITTED)
        .count();
  }

  /** So many questions, one after the other, are answered at once. */
  private void answer(int questions, long now) {
    for (int i = 0; i < questions; i++) {
      PeerAddress from = another();
      assertThat(limit.begin(from, now)).isEqualTo(Admission.ADMITTED);
      limit.end(from, true, now);
    }
  }

  @Test
  void admitsTheLeastNumberWhileNothingIsAnswered() {
    assertThat(admitted(1_000, 0)).isEqualTo(LEAST);
  }

  @Test
  void admitsAsManyAsWereAnsweredInHalfASecond() {
    answer(1_500, 0);

    assertThat(admitted(10_000, 500)).isEqualTo(1_500);
  }

  @Test
  void admitsMoreAsSoonAsMoreAreAnswered() {
    answer(1_500, 0);
    answer(300, 500);
    answer(2_000, 600);

    assertThat(admitted(10_000, 610)).isEqualTo(2_300);
  }

  @Test
  void admitsFewerWhenAnswersComeSlower() {
    answer(1_500, 0);
    answer(200, 500);

    assertThat(admitted(10_000, 1_000)).isEqualTo(200);
  }

  @Test
  void forgetsWhatWasAnsweredBeforeAQuietTime() {
    answer(1_500, 0);

    assertThat(admitted(10_000, 60_000)).isEqualTo(LEAST);
  }

  @Test
  void doesNotTakeAFailureForAnAnswer() {
    for (int i = 0; i < 1_500; i++) {
      PeerAddress from = another();
      limit.begin(from, 0);
      limit.end(from, false, 0);
    }

    assertThat(admitted(10_000, 500)).isEqualTo(LEAST);
  }

  @Test
  void neverAdmitsMoreThanTheMost() {
    answer(20_000, 0);

    assertThat(admitted(30_000, 500)).isEqualTo(MOST);
  }

  @Test
  void givesTheSameAddressItsPlacesBack() {
    for (int i = 0; i < LEAST; i++) {
      limit.begin(ONE, 0);
    }
    for (int i = 0; i < LEAST / 2; i++) {
      limit.end(ONE, true, 0);
    }

    assertThat(limit.underWay()).isZero();
  }

  @Test
  void leavesHalfOfThePlacesToOtherAddresses() {
    long ofOne =
        IntStream.range(0, 1_000).filter(i -> limit.begin(ONE, 0) == Admission.ADMITTED).count();

    assertThat(ofOne).isEqualTo(LEAST / 2);
    assertThat(limit.begin(ONE, 0)).isEqualTo(Admission.ADDRESS_FULL);
    assertThat(admitted(1_000, 0)).isEqualTo(LEAST / 2);
    assertThat(limit.begin(another(), 0)).isEqualTo(Admission.FULL);
  }

  @Test
  void givesAnAddressAQuarterWhileOthersHaveHalfOfThePlaces() {
    admitted(LEAST / 2, 0);

    long ofOne =
        IntStream.range(0, 1_000).filter(i -> limit.begin(ONE, 0) == Admission.ADMITTED).count();

    assertThat(ofOne).isEqualTo(LEAST / 4);
  }
}
