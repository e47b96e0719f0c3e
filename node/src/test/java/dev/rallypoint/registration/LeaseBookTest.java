package dev.rallypoint.registration;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.registration.LeaseBook.Beat;
import dev.rallypoint.transport.Push;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;

class LeaseBookTest {
  private static final long OFFLINE_AFTER = 30_000;
  private static final long RENEW_AFTER = 300_000;
  private static final long NODE = 77;
  private static final ByteString KEY = ByteString.copyFrom(new byte[32]);
  private static final PeerId ID = new PeerId("123456789");
  private static final PeerAddress ADDRESS = PeerAddress.v4(0xCB007107, 50_000);

  private final ActorRef<Push> home = TestInbox.<Push>create().getRef();
  private final ActorRef<Push> otherHome = TestInbox.<Push>create("other").getRef();
  private final LeaseBook book = new LeaseBook(NODE, OFFLINE_AFTER, RENEW_AFTER);

  @Test
  void coversNoHeartbeatOfAPeerThatIsNotAtHome() {
    assertThat(book.beat(ID, ADDRESS, 0)).isEqualTo(Beat.UNCOVERED);
  }

  @Test
  void coversTheHeartbeatsOfAPeerThatIsConfirmed() {
    book.confirm(ID, ADDRESS, home, 1, KEY, 0);

    assertThat(book.beat(ID, ADDRESS, 15_000)).isEqualTo(Beat.COVERED);
  }

  @Test
  void asksAgainWhenTheAddressChanged() {
    book.confirm(ID, ADDRESS, home, 1, KEY, 0);

    assertThat(book.beat(ID, ADDRESS.withPort(50_001), 15_000)).isEqualTo(Beat.UNCOVERED);
  }

  @Test
  void hasTheEntityAskedBesideAHeartbeatWhenTheSlowRenewalIsDueAndNotAtEachOne() {
    book.confirm(ID, ADDRESS, home, 1, KEY, 0);
    beatUntil(RENEW_AFTER);

    assertThat(book.beat(ID, ADDRESS, RENEW_AFTER + 1)).isEqualTo(Beat.DUE);
    assertThat(book.beat(ID, ADDRESS, RENEW_AFTER + 15_000)).isEqualTo(Beat.COVERED);
  }

  @Test
  void coversNoHeartbeatOfAPeerWhoseEntityConfirmsNothingForTwoRenewals() {
    book.confirm(ID, ADDRESS, home, 1, KEY, 0);
    beatUntil(2 * RENEW_AFTER + 15_000);

    assertThat(book.beat(ID, ADDRESS, 2 * RENEW_AFTER + 30_000)).isEqualTo(Beat.UNCOVERED);
  }

  private void beatUntil(long end) {
    for (long now = 15_000; now <= end; now += 15_000) {
      assertThat(book.beat(ID, ADDRESS, now)).isNotEqualTo(Beat.UNCOVERED);
    }
  }

  @Test
  void keepsTheLeaseOfTheGreaterEpochWhicheverComesFirst() {
    book.confirm(ID, ADDRESS, home, 2, KEY, 0);
    book.confirm(ID, ADDRESS.withPort(1), otherHome, 1, KEY, 0);

    assertThat(book.held(ID, 0)).contains(LeaseAnswer.by(new Home(ADDRESS, home, NODE), 2, KEY));
  }

  @Test
  void endsALeaseThatIsOlderThanTheNewsOfAnotherHome() {
    book.confirm(ID, ADDRESS, home, 5, KEY, 0);

    book.revoke(ID, 5);
    assertThat(book.isOnline(ID, 0)).isTrue();
    book.revoke(ID, 6);
    assertThat(book.isOnline(ID, 0)).isFalse();
  }

  @Test
  void takesNoLeaseThatWasRevokedBeforeItCame() {
    book.revoke(ID, 6);

    book.confirm(ID, ADDRESS, home, 5, KEY, 0);
    assertThat(book.isOnline(ID, 0)).isFalse();
    book.confirm(ID, ADDRESS, home, 7, KEY, 0);
    assertThat(book.isOnline(ID, 0)).isTrue();
  }

  @Test
  void countsAPeerAsOnlineUntilItsSilenceIsTooLong() {
    book.confirm(ID, ADDRESS, home, 1, KEY, 0);

    assertThat(book.isOnline(ID, OFFLINE_AFTER)).isTrue();
    assertThat(book.isOnline(ID, OFFLINE_AFTER + 1)).isFalse();
  }

  @Test
  void sweepsOutThoseThatFellSilentAndOnlyThose() {
    PeerId lively = new PeerId("987654321");
    book.confirm(ID, ADDRESS, home, 1, KEY, 0);
    book.confirm(lively, ADDRESS, home, 1, KEY, 0);
    book.beat(lively, ADDRESS, 20_000);

    assertThat(book.sweep(OFFLINE_AFTER + 1, 10))
        .isEqualTo(List.of(new LeaseBook.Lapse(ID, new Home(ADDRESS, home, NODE), 1)));
    assertThat(book.size()).isEqualTo(1);
  }

  @Test
  void sweepsOutSoManyAtOnceAndTheOthersAreOfflineAllTheSame() {
    for (int i = 0; i < 5; i++) {
      book.confirm(new PeerId("peer-" + i), ADDRESS, home, 1, KEY, 0);
    }

    assertThat(book.sweep(OFFLINE_AFTER + 1, 3)).hasSize(3);
    assertThat(book.size()).isEqualTo(2);
    for (int i = 0; i < 5; i++) {
      assertThat(book.isOnline(new PeerId("peer-" + i), OFFLINE_AFTER + 1)).isFalse();
    }
    assertThat(book.sweep(OFFLINE_AFTER + 1, 3)).hasSize(2);
  }

  @Test
  void bearsThirtyDaysOfUpTimeAndMore() {
    long start = Integer.MAX_VALUE * 40L; // the reference overflows at 24.9 days
    book.confirm(ID, ADDRESS, home, 1, KEY, start);

    assertThat(book.beat(ID, ADDRESS, start + 15_000)).isEqualTo(Beat.COVERED);
    assertThat(book.isOnline(ID, start + 15_000 + OFFLINE_AFTER + 1)).isFalse();
  }

  @Test
  void holdsALinkOnlineHoweverLongItIsSilent() {
    book.hold(ID, ADDRESS, home, 1, KEY, 0);

    assertThat(book.sweep(100 * OFFLINE_AFTER, 10)).isEmpty();
    assertThat(book.isOnline(ID, 100 * OFFLINE_AFTER)).isTrue();
  }

  @Test
  void endsALinksLeaseWhenItIsLeftAndNobodyElses() {
    book.hold(ID, ADDRESS, home, 1, KEY, 0);

    book.leave(ID, otherHome);
    assertThat(book.isOnline(ID, 0)).isTrue();
    book.leave(ID, home);
    assertThat(book.isOnline(ID, 0)).isFalse();
  }

  @Test
  void hasTheEntityAskedWhenALinksLeaseIsGoneOrOld() {
    assertThat(book.renew(ID, home, 0)).isEqualTo(LeaseBook.Renewal.ASK);
    book.hold(ID, ADDRESS, home, 1, KEY, 0);
    assertThat(book.renew(ID, home, RENEW_AFTER)).isEqualTo(LeaseBook.Renewal.COVERED);
    assertThat(book.renew(ID, home, RENEW_AFTER + 1)).isEqualTo(LeaseBook.Renewal.ASK);
    assertThat(book.renew(ID, otherHome, 0)).isEqualTo(LeaseBook.Renewal.ELSEWHERE);
  }
}
