package dev.rallypoint.registration;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.rallypoint.policy.limit.RenewalPace;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.registration.LeaseBook.Coverage;
import dev.rallypoint.transport.Push;
import java.util.BitSet;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;

/** Which heartbeats a lease covers, and which of two leases counts. Times are milliseconds. */
class LeaseBookTest {
  private static final long OFFLINE_AFTER = 30_000;
  private static final long RENEW_AFTER = 300_000;
  private static final long NODE = 77;
  private static final ByteString KEY = ByteString.copyFrom(new byte[32]);
  private static final PeerId ID = new PeerId("123456789");
  private static final PeerAddress ADDRESS = PeerAddress.v4(0xCB007107, 50_000);

  private final ActorRef<Push> home = TestInbox.<Push>create().getRef();
  private final ActorRef<Push> otherHome = TestInbox.<Push>create("other").getRef();
  private final LeaseBook book = new LeaseBook(OFFLINE_AFTER, RenewalPace.after(RENEW_AFTER));

  private Lease lease(long epoch) {
    return new Lease(new Home(ADDRESS, home, NODE, false), epoch, KEY);
  }

  private Lease linkLease(long epoch) {
    return new Lease(new Home(ADDRESS, home, NODE, true), epoch, KEY);
  }

  private void grant(Lease lease, long heardAt) {
    book.grant(ID, lease, heardAt, heardAt);
  }

  @Test
  void coversNoHeartbeatOfAPeerThatIsNotRegistered() {
    assertThat(book.heartbeat(ID, ADDRESS, home, 0)).isEqualTo(Coverage.NONE);
  }

  @Test
  void coversTheHeartbeatsOfAPeerThatIsConfirmed() {
    grant(lease(1), 0);

    assertThat(book.heartbeat(ID, ADDRESS, home, 15_000)).isEqualTo(Coverage.FULL);
  }

  @Test
  void asksAgainWhenTheAddressChanged() {
    grant(lease(1), 0);

    assertThat(book.heartbeat(ID, ADDRESS.withPort(50_001), home, 15_000)).isEqualTo(Coverage.NONE);
  }

  @Test
  void coversNoHeartbeatToAnotherAddressOfThisMachine() {
    grant(lease(1), 0);

    assertThat(book.heartbeat(ID, ADDRESS, TestInbox.<Push>create().getRef(), 15_000))
        .isEqualTo(Coverage.NONE);
  }

  @Test
  void hasTheEntityAskedBesideAHeartbeatWhenTheSlowRenewalIsDueAndNotAtEachOne() {
    grant(lease(1), 0);
    heartbeatsUntil(RENEW_AFTER);

    assertThat(book.heartbeat(ID, ADDRESS, home, RENEW_AFTER + 1))
        .isEqualTo(new Coverage(true, lease(1)));
    assertThat(book.heartbeat(ID, ADDRESS, home, RENEW_AFTER + 15_000)).isEqualTo(Coverage.FULL);
  }

  @Test
  void coversNoHeartbeatOfAPeerWhoseEntityConfirmsNothingForTwoRenewals() {
    grant(lease(1), 0);
    heartbeatsUntil(2 * RENEW_AFTER + 15_000);

    assertThat(book.heartbeat(ID, ADDRESS, home, 2 * RENEW_AFTER + 30_000))
        .isEqualTo(Coverage.NONE);
  }

  private void heartbeatsUntil(long end) {
    for (long now = 15_000; now <= end; now += 15_000) {
      assertThat(book.heartbeat(ID, ADDRESS, home, now)).isNotEqualTo(Coverage.NONE);
    }
  }

  @Test
  void keepsTheLeaseOfTheGreaterEpochWhicheverComesFirst() {
    grant(lease(2), 0);
    grant(new Lease(new Home(ADDRESS, otherHome, NODE, false), 1, KEY), 0);

    assertThat(book.find(ID, 0)).contains(lease(2));
  }

  @Test
  void endsALeaseThatIsOlderThanTheNewsOfAnotherHome() {
    grant(lease(5), 0);

    book.revoke(ID, 5);
    assertThat(book.find(ID, 0)).isPresent();
    book.revoke(ID, 6);
    assertThat(book.find(ID, 0)).isEmpty();
  }

  @Test
  void takesNoLeaseThatWasRevokedBeforeItCame() {
    book.revoke(ID, 6);

    grant(lease(5), 0);
    assertThat(book.find(ID, 0)).isEmpty();
    grant(lease(7), 0);
    assertThat(book.find(ID, 0)).isPresent();
  }

  @Test
  void keepsARenewedLeaseUnderItsEpochAndDoesNotCountItsPeerAsHeard() {
    grant(lease(5), 0);

    book.confirm(ID, 5, 5, OFFLINE_AFTER);

    assertThat(book.find(ID, OFFLINE_AFTER)).contains(lease(5));
    assertThat(book.find(ID, OFFLINE_AFTER + 1)).isEmpty();
    assertThat(book.heartbeat(ID, ADDRESS, home, OFFLINE_AFTER)).isEqualTo(Coverage.FULL);
  }

  @Test
  void doesNotBringBackALeaseThatEndedWhileItWasRenewed() {
    grant(lease(5), 0);
    book.removeSilent(OFFLINE_AFTER + 1, 10);

    book.confirm(ID, 5, 5, OFFLINE_AFTER + 2);

    assertThat(book.size()).isZero();
  }

  @Test
  void takesTheOtherEpochThatAnEntityOfAnEarlierVersionGivesToARenewal() {
    grant(lease(5), 0);

    book.confirm(ID, 5, 9, 10);
    assertThat(book.find(ID, 10)).contains(lease(9));
    book.confirm(ID, 5, 10, 10); // that was not its lease any more
    assertThat(book.find(ID, 10)).contains(lease(9));
  }

  @Test
  void hasALeaseThatCameLateRenewedAtTheNextHeartbeat() {
    book.grant(ID, lease(5), 0, 3_001);

    assertThat(book.heartbeat(ID, ADDRESS, home, 15_000)).isEqualTo(new Coverage(true, lease(5)));
  }

  @Test
  void remembersTheLatestOfItsRevocations() {
    book.revoke(ID, 6);
    book.revoke(ID, 3);

    grant(lease(5), 0);

    assertThat(book.find(ID, 0)).isEmpty();
  }

  @Test
  void countsAPeerAsOnlineUntilItsSilenceIsTooLong() {
    grant(lease(1), 0);

    assertThat(book.find(ID, OFFLINE_AFTER)).isPresent();
    assertThat(book.find(ID, OFFLINE_AFTER + 1)).isEmpty();
  }

  @Test
  void sweepsOutThoseThatFellSilentAndOnlyThose() {
    PeerId lively = new PeerId("987654321");
    grant(lease(1), 0);
    book.grant(lively, lease(1), 0, 0);
    book.heartbeat(lively, ADDRESS, home, 20_000);

    assertThat(book.removeSilent(OFFLINE_AFTER + 1, 10))
        .isEqualTo(List.of(new LeaseBook.Lapse(ID, lease(1))));
    assertThat(book.size()).isEqualTo(1);
  }

  @Test
  void sweepsOutSoManyAtOnceAndTheOthersAreOfflineAllTheSame() {
    for (int i = 0; i < 5; i++) {
      book.grant(new PeerId("peer-" + i), lease(1), 0, 0);
    }

    assertThat(book.removeSilent(OFFLINE_AFTER + 1, 3)).hasSize(3);
    assertThat(book.size()).isEqualTo(2);
    for (int i = 0; i < 5; i++) {
      assertThat(book.find(new PeerId("peer-" + i), OFFLINE_AFTER + 1)).isEmpty();
    }
    assertThat(book.removeSilent(OFFLINE_AFTER + 1, 3)).hasSize(2);
  }

  @Test
  void bearsThirtyDaysOfUpTimeAndMore() {
    long start = Integer.MAX_VALUE * 40L; // the reference overflows at 24.9 days
    grant(lease(1), start);

    assertThat(book.heartbeat(ID, ADDRESS, home, start + 15_000)).isEqualTo(Coverage.FULL);
    assertThat(book.find(ID, start + 15_000 + OFFLINE_AFTER + 1)).isEmpty();
  }

  @Test
  void holdsALinkOnlineHoweverLongItIsSilent() {
    grant(linkLease(1), 0);

    assertThat(book.removeSilent(100 * OFFLINE_AFTER, 10)).isEmpty();
    assertThat(book.find(ID, 100 * OFFLINE_AFTER)).isPresent();
  }

  @Test
  void endsALinksLeaseWhenItIsLeftAndNobodyElses() {
    grant(linkLease(1), 0);

    book.remove(ID, otherHome);
    assertThat(book.find(ID, 0)).isPresent();
    book.remove(ID, home);
    assertThat(book.find(ID, 0)).isEmpty();
  }

  @Test
  void hasAConnectionRenewItsLeaseWhenThatIsGoneOrOld() {
    assertThat(book.renewalDue(ID, home, 0)).hasValue(0);
    grant(linkLease(7), 0);
    assertThat(book.renewalDue(ID, home, RENEW_AFTER)).isEmpty();
    assertThat(book.isCurrent(ID, home, RENEW_AFTER)).isTrue();
    assertThat(book.renewalDue(ID, home, RENEW_AFTER + 1)).hasValue(7);
    assertThat(book.isCurrent(ID, home, RENEW_AFTER + 1)).isFalse();
  }

  @Test
  void hasAConnectionRenewNothingWhenThePeerIsRegisteredByAnotherOne() {
    grant(linkLease(7), 0);

    assertThat(book.renewalDue(ID, otherHome, RENEW_AFTER + 1)).isEmpty();
    assertThat(book.isCurrent(ID, otherHome, 0)).isFalse();
  }

  @Test
  void findsOutWhichOfManyIdsAreOnline() {
    grant(lease(1), 0);
    List<String> ids = List.of("987654321", ID.value(), "");

    assertThat(book.online(ids, 0)).isEqualTo(BitSet.valueOf(new long[] {0b010}));
    assertThat(book.online(ids, OFFLINE_AFTER + 1)).isEqualTo(new BitSet());
  }
}
