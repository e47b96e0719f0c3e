package dev.rallypoint.registration;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.rallypoint.policy.limit.RenewalPace;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.registration.LeaseBook.Coverage;
import dev.rallypoint.transport.Push;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Who is online over long times and jumps of the clock. It is the monotonic one, which does not
 * change when the system's time is set; it jumps when a machine that slept counts its sleep.
 */
class LeaseClockTest {
  private static final long OFFLINE_AFTER = 30_000;
  private static final long RENEW_AFTER = 300_000;
  private static final long GAP = 12_000;
  private static final long HOUR = 3_600_000;
  private static final long MONTH = 30 * 24 * HOUR;
  private static final PeerId LIVELY = new PeerId("123456789");
  private static final PeerId SILENT = new PeerId("987654321");
  private static final PeerId LINKED = new PeerId("555555555");
  private static final PeerAddress FROM = PeerAddress.v4(0xCB007107, 50_000);

  private final ActorRef<Push> socket = TestInbox.<Push>create("socket").getRef();
  private final ActorRef<Push> link = TestInbox.<Push>create("link").getRef();
  private LeaseBook book;

  @BeforeEach
  void open() {
    book = new LeaseBook(OFFLINE_AFTER, new RenewalPace(RENEW_AFTER, RENEW_AFTER * 3 / 2));
  }

  private void grant(PeerId id, boolean isLink, long now) {
    Home home = new Home(FROM, isLink ? link : socket, 1, isLink);
    book.grant(id, new Lease(home, 1, ByteString.EMPTY), now, now);
  }

  private void beat(long now) {
    Coverage coverage = book.heartbeat(LIVELY, FROM, socket, now);
    assertThat(coverage.isCovered()).as("covered at %d", now).isTrue();
    if (coverage.due() != null) {
      book.confirm(LIVELY, coverage.due().epoch(), coverage.due().epoch(), now + 5);
    }
  }

  private void check(PeerId id, boolean isOnline, long now) {
    assertThat(book.find(id, now).isPresent()).as("%s at %d", id, now).isEqualTo(isOnline);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, -1_000_000_000_000L, Integer.MAX_VALUE - 60_000L, 1L << 41})
  void overThirtyDays(long start) {
    grant(LIVELY, false, start);
    grant(SILENT, false, start);
    grant(LINKED, true, start);
    for (long now = start + GAP; now <= start + MONTH; now += GAP) {
      check(LIVELY, true, now);
      check(SILENT, now - start <= OFFLINE_AFTER, now);
      beat(now);
    }

    check(LINKED, true, start + MONTH);
    assertThat(book.removeSilent(start + MONTH, 10)).hasSize(1);
    assertThat(book.size()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(longs = {HOUR, MONTH})
  void afterAJumpForward(long jump) {
    grant(LIVELY, false, 0);
    grant(SILENT, false, 0);
    grant(LINKED, true, 0);
    long now = jump;

    check(LIVELY, false, now); // nobody has heard it meanwhile
    check(LINKED, true, now);
    assertThat(book.heartbeat(LIVELY, FROM, socket, now)).isEqualTo(Coverage.NONE);
    grant(LIVELY, false, now);
    beat(now + GAP);

    check(LIVELY, true, now + GAP);
    check(SILENT, false, now + GAP);
    assertThat(book.removeSilent(now + GAP, 10))
        .extracting(LeaseBook.Lapse::id)
        .containsExactly(SILENT);
  }
}
