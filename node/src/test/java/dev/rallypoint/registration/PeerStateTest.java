package dev.rallypoint.registration;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.registration.Home.Registration;
import dev.rallypoint.registration.Location.Presence;
import dev.rallypoint.registration.PeerState.Contact;
import dev.rallypoint.registration.PeerState.Move;
import dev.rallypoint.store.PeerRow;
import dev.rallypoint.transport.Push;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rules of a registration, as tables. The peer is registered on node 1 by a lease of epoch 10,
 * unless a test says otherwise.
 */
class PeerStateTest {
  private static final PeerId ID = new PeerId("123456789");
  private static final ByteString KEY = ByteString.copyFrom(new byte[32]);
  private static final PeerAddress ADDRESS = PeerAddress.v4(0xCB007107, 50_000);
  private static final ActorRef<Push> WRITER = TestInbox.<Push>create().getRef();
  private static final ActorRef<Push> OTHER_WRITER = TestInbox.<Push>create("other").getRef();
  private static final long EPOCH = 10;
  private static final long NOW = 5_000;

  private final Home home = new Home(ADDRESS, WRITER, 1, false);
  private final PeerState stored = PeerState.EMPTY.with(Optional.of(row(KEY)));
  private final PeerState registered = stored.announce(home, EPOCH, NOW).next();

  private static PeerRow row(ByteString key) {
    return new PeerRow(ID, KEY, key, ADDRESS.ip());
  }

  private static Home on(long node) {
    return new Home(ADDRESS, node == 1 ? WRITER : OTHER_WRITER, node, false);
  }

  private static Home link(long node) {
    return new Home(ADDRESS, OTHER_WRITER, node, true);
  }

  @ParameterizedTest
  @CsvSource({
    // node, lease epoch -> epoch, displaced
    "1, 10, 11, false", // its home, whose lease may be about to end
    "1, 0,  11, false", // its home, which has lost its lease
    "1, 9,  11, false",
    "2, 0,  11, true", // another node
    "2, 10, 11, true", // another node, which was told the present epoch
    "2, 70, 71, true", // greater than what the home knows
  })
  void registersWithAnEpochGreaterThanAllThatAreKnown(
      long node, long leaseEpoch, long epoch, boolean isDisplacing) {
    Move move = registered.register(new Contact(on(node), leaseEpoch), NOW + 1);

    assertThat(move.next().registration())
        .isEqualTo(new Registration(on(node), epoch, true, NOW + 1));
    assertThat(move.next().epoch()).isEqualTo(epoch);
    assertThat(move.displaced()).isEqualTo(isDisplacing ? home : null);
  }

  @Test
  void sharesTheKeyOfAMessageThatIsTheSame() {
    ByteString same = ByteString.copyFrom(new byte[32]);
    ByteString other = ByteString.copyFromUtf8("0123456789abcdef0123456789abcdef");

    PeerState shared = registered.sharing(same);

    assertThat(shared).isEqualTo(registered);
    assertThat(shared.key()).isSameAs(same);
    assertThat(shared.sharing(other).key()).isSameAs(same);
  }

  @Test
  void displacesAHomeOfTheSameNodeToo() {
    Move move = registered.register(new Contact(link(1), 10), NOW);

    assertThat(move.next().home()).isEqualTo(link(1));
    assertThat(move.displaced()).isEqualTo(home);
  }

  @ParameterizedTest
  @CsvSource({
    // node, epoch -> node afterwards, its epoch, node to revoke or 0
    "1, 10, 1, 10, 0", // the known home says it again
    "1, 9,  1, 10, 0", // the known home, whose newer lease is on its way there
    "1, 12, 1, 12, 0",
    "2, 9,  1, 10, 2", // an older lease
    "2, 10, 1, 10, 2", // the same epoch
    "2, 11, 2, 11, 1", // a newer lease
  })
  void believesAnAnnouncementOfTheKnownHomeOrOfANewerLease(
      long node, long epoch, long nodeAfterwards, long epochAfterwards, long nodeToRevoke) {
    Move move = registered.announce(on(node), epoch, NOW);

    assertThat(move.next().home()).isEqualTo(on(nodeAfterwards));
    assertThat(move.next().epochAt(on(nodeAfterwards))).isEqualTo(epochAfterwards);
    assertThat(move.displaced()).isEqualTo(nodeToRevoke == 0 ? null : on(nodeToRevoke));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 10, 11, 12, 1_760_000_000_000_000L})
  void believesNoAnnouncementAgainstAHomeThatThePeerHasTakenSinceWhateverItsNumber(long epoch) {
    PeerState moved = registered.register(new Contact(on(2), 10), NOW).next();

    Move move = moved.announce(on(3), epoch, NOW);

    assertThat(move.next().home()).isEqualTo(on(2));
    assertThat(move.displaced()).isEqualTo(on(3));
    assertThat(move.next().epoch()).isGreaterThan(epoch); // the revocation ends that lease
    assertThat(move.next().epochAt(on(2))).isEqualTo(11);
  }

  @ParameterizedTest
  @CsvSource({
    // node, lease epoch -> granted epoch or 0
    "1, 10, 10",
    "1, 12, 12", // the entity has forgotten the later one
    "1, 9,  0", // the peer has registered there again since
    "1, 0,  11", // a link that lost its lease
    "2, 9,  0", // the peer is registered elsewhere since
    "2, 10, 0",
    "2, 11, 11", // the entity has forgotten that one
    "2, 0,  0", // a link that was displaced
  })
  void renewsALeaseUnderItsOwnEpochWhereThePeerIsRegistered(
      long node, long leaseEpoch, long granted) {
    Contact renewal = new Contact(on(node), leaseEpoch);

    PeerState next = registered.renew(renewal, NOW).next();

    assertThat(next.isRenewed(renewal)).isEqualTo(granted != 0);
    if (granted != 0) {
      assertThat(next.epochAt(on(node))).isEqualTo(granted);
    }
  }

  @Test
  void renewsNoLeaseWhoseEndWasReported() {
    Contact renewal = new Contact(home, EPOCH);

    assertThat(registered.lapse(home, EPOCH).renew(renewal, NOW).next().isRenewed(renewal))
        .isFalse();
    assertThat(stored.renew(renewal, NOW).next().isRenewed(renewal)).isTrue();
  }

  @Test
  void believesNoAnnouncementForAnIdThatNobodyHas() {
    Move move = PeerState.EMPTY.announce(home, EPOCH, NOW);

    assertThat(move.next().registration()).isNull();
    assertThat(move.displaced()).isEqualTo(home);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 10, OFFLINE",
    "1, 11, OFFLINE",
    "1, 9223372036854775807, OFFLINE", // PeerCommand.ANY_EPOCH
    "1, 9,  ONLINE", // the peer has registered there again since
    "2, 99, ONLINE", // a former home
  })
  void believesALapseOfItsHomeOnly(long node, long epoch, Presence presence) {
    assertThat(registered.lapse(on(node), epoch).location().presence()).isEqualTo(presence);
  }

  @Test
  void isNotBroughtBackByAnAnnouncementOlderThanItsLapse() {
    PeerState lapsed = registered.lapse(home, EPOCH);

    Move move = lapsed.announce(home, EPOCH, NOW);

    assertThat(move.next().registration()).isNull();
    assertThat(move.displaced()).isEqualTo(home);
    assertThat(move.next().epoch()).isGreaterThan(EPOCH);
  }

  @ParameterizedTest
  @CsvSource({
    "false, 0, true",
    "false, 659999, true",
    "false, 660000, false", // PeerState.FORGOTTEN_AFTER
    "true,  0, false",
  })
  void forgetsAHomeOfALostNodeAndOneThatDoesNotRenew(
      boolean isGone, long elapsed, boolean isRegistered) {
    PeerState next = registered.withoutLostHome(node -> isGone && node == 1, NOW + elapsed);

    assertThat(next.home()).isEqualTo(isRegistered ? home : null);
  }

  @ParameterizedTest
  @CsvSource({
    // registered, asked, all answered, elapsed -> query, presence
    "true,  false, false, 0,    false, ONLINE",
    "false, false, false, 0,    true,  UNAVAILABLE",
    "false, true,  true,  0,    false, OFFLINE",
    "false, true,  true,  5000, false, OFFLINE",
    "false, true,  false, 999,  false, UNAVAILABLE",
    "false, true,  false, 1000, true,  UNAVAILABLE",
  })
  void isOfflineOnlyOnceAllNodesHaveAnswered(
      boolean isRegistered,
      boolean isAsked,
      boolean haveAllAnswered,
      long elapsed,
      boolean needsQuery,
      Presence presence) {
    PeerState state = isRegistered ? registered : stored;
    if (isAsked) {
      state = state.queried(haveAllAnswered, NOW);
    }

    assertThat(state.needsQuery(NOW + elapsed)).isEqualTo(needsQuery);
    assertThat(state.location().presence()).isEqualTo(presence);
  }

  @Test
  void isUnknownWithoutAQueryWhenNobodyHasTheId() {
    assertThat(PeerState.EMPTY.needsQuery(NOW)).isFalse();
    assertThat(PeerState.EMPTY.location()).isEqualTo(Location.absent(Presence.UNKNOWN));
  }

  @Test
  void belongsToNobodyOnceItIsReleasedAndItsLeaseEnds() {
    Move move = registered.release();

    assertThat(move.next().location().presence()).isEqualTo(Presence.UNKNOWN);
    assertThat(move.next().epoch()).isEqualTo(EPOCH + 1);
    assertThat(move.displaced()).isEqualTo(home);
    assertThat(stored.release().displaced()).isNull();
  }

  @Test
  void reportsTheStoredIpWhenItDiffers() {
    assertThat(stored.previousIp("198.51.100.20")).isEqualTo(ADDRESS.ip());
    assertThat(stored.previousIp(ADDRESS.ip())).isEmpty();
    assertThat(PeerState.EMPTY.previousIp(ADDRESS.ip())).isEmpty();
  }
}
