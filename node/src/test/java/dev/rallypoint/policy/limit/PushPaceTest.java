package dev.rallypoint.policy.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.policy.limit.PushPace.Verdict;
import dev.rallypoint.protocol.address.PeerAddress;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** How many pushes a target gets, by who asks, where it is, and whether it ever answered. */
class PushPaceTest {
  private static final PeerAddress A = PeerAddress.v4(0xCB007107, 40_000);
  private static final PeerAddress B = PeerAddress.v4(0xC6336409, 50_000);

  private final PushPace pace = new PushPace();

  private static PeerAddress requester(int number) {
    return PeerAddress.v4(0x0A000000 + number, 1);
  }

  private static PeerAddress device(int number) {
    return B.withPort(1_000 + number);
  }

  /** How many of the pushes at these times are sent. */
  private long sent(PeerAddress requester, PeerAddress target, boolean isLink, LongStream times) {
    return times
        .filter(time -> pace.push(requester, target, isLink, time) == Verdict.ADMITTED)
        .count();
  }

  private static LongStream eachMillisecond(long seconds) {
    return LongStream.range(0, seconds * 1_000);
  }

  @Test
  void letsAClientsSixPushesPassToATargetThatWasNeverHeard() {
    for (long second : new long[] {0, 3, 9}) {
      assertThat(sent(A, B, false, LongStream.of(second * 1_000, second * 1_000 + 5))).isEqualTo(2);
    }
  }

  @Test
  void letsASecondAttemptOfTheClientPassEighteenSecondsLater() {
    assertThat(sent(A, B, false, LongStream.of(0, 0, 3_000, 3_000, 9_000, 9_000))).isEqualTo(6);
    assertThat(sent(A, B, false, LongStream.of(18_000, 18_000, 21_000, 21_000, 27_000)))
        .isEqualTo(5);
  }

  @Test
  void holdsOneRequesterToTwoASecond() {
    pace.answered(B, 0);

    assertThat(sent(A, B, false, eachMillisecond(60))).isEqualTo(8 + 2 * 60 - 1);
  }

  @Test
  void holdsAllRequestersTogetherToFourASecond() {
    pace.answered(B, 0);
    long sent =
        eachMillisecond(60)
            .filter(time -> pace.push(requester((int) time), B, false, time) == Verdict.ADMITTED)
            .count();

    assertThat(sent).isEqualTo(16 + 4 * 60 - 1);
  }

  @Test
  void holdsALinkToThePaceOfATargetThatAnswers() {
    assertThat(sent(A, B, true, eachMillisecond(60))).isEqualTo(8 + 2 * 60 - 1);
  }

  @Test
  void leavesOneRequesterItsPushBesideOneThatFloods() {
    pace.answered(B, 0);
    sent(requester(1), B, false, eachMillisecond(10));

    assertThat(sent(A, B, false, LongStream.of(10_000, 13_000, 19_000))).isEqualTo(3);
  }

  @Test
  void givesATargetThatNeverAnswersOnePushInSevenAndAHalfSecondsOfOneRequester() {
    assertThat(sent(A, B, false, eachMillisecond(60))).isEqualTo(8 + 7);
    assertThat(pace.push(A, B, false, 60_001)).isEqualTo(Verdict.ADMITTED);
    assertThat(pace.push(A, B, false, 60_002)).isEqualTo(Verdict.UNANSWERED);
  }

  @Test
  void leavesOneRequesterItsPushesToATargetThatAnotherOneKeepsAskingFor() {
    sent(requester(1), B, false, eachMillisecond(600));

    assertThat(sent(A, B, false, LongStream.of(600_000, 603_000, 609_000))).isEqualTo(3);
  }

  @Test
  void givesManyIdsAtOneAddressNoMoreThanOne() {
    long sent =
        eachMillisecond(60)
            .filter(
                time -> pace.push(requester((int) time % 500), B, false, time) == Verdict.ADMITTED)
            .count();

    assertThat(sent).isEqualTo(16 + 60 / 5 - 1);
  }

  @Test
  void holdsTheSilentTargetsOfOneHostToTwentyASecond() {
    long sent =
        eachMillisecond(60)
            .filter(time ->
                pace.push(requester((int) time), device((int) time), false, time)
                    == Verdict.ADMITTED)
            .count();

    assertThat(sent).isEqualTo(200 + 20 * 60 - 1);
  }

  @Test
  void reachesFiveThousandDevicesOfOneOfficeThatHaveAnswered() {
    IntStream.range(0, 5_000).forEach(i -> pace.answered(device(i), 0));

    assertThat(
            IntStream.range(0, 5_000)
                .map(i -> (int) sent(A, device(i), false, LongStream.of(1)))
                .sum())
        .isEqualTo(5_000);
  }

  @Test
  void doesNotKnowTheRequesterOfAnEarlierVersion() {
    assertThat(pace.push(null, B, false, 0)).isEqualTo(Verdict.ADMITTED);
  }
}
