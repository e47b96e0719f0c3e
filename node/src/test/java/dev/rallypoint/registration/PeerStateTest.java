package dev.rallypoint.registration;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.registration.Location.Presence;
import dev.rallypoint.registration.PeerState.Contact;
import dev.rallypoint.registration.PeerState.Move;
import dev.rallypoint.registration.PeerState.Registration;
import dev.rallypoint.store.PeerRow;
import dev.rallypoint.transport.Push;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
  private static final long SENT = 1_000_000_000;

  private final Home home = new Home(ADDRESS, WRITER, 1);
  private final PeerState stored = PeerState.EMPTY.with(Optional.of(row(KEY)));
  private final PeerState registered = stored.announce(home, EPOCH, NOW).next();

  private static PeerRow row(ByteString key) {
    return new PeerRow(ID, KEY, key, ADDRESS.ip());
  }

  private static Home on(long node) {
    return new Home(ADDRESS, node == 1 ? WRITER : OTHER_WRITER, node);
  }

  @ParameterizedTest
  @CsvSource({
    // node, lease epoch, wall clock -> epoch, displaced
    "1, 10,  0,   10, false", // renewed
    "1, 10,  500, 10, false", // renewed, whatever the clock says
    "1, 0,   0,   11, false", // the home has lost its lease
    "1, 9,   0,   11, false", // the home has an older lease
    "2, 0,   0,   11, true", // another node
    "2, 10,  0,   11, true", // another node, whatever epoch it has
    "2, 70,  0,   71, true", // greater than what the home knows
    "2, 0,   500, 500, true", // at least the clock
    "2, 700, 500, 701, true",
  })
  void registersWithAnEpochGreaterThanAllThatAreKnown(
      long node, long leaseEpoch, long wallClock, long epoch, boolean isDisplacing) {
    Move move = registered.register(new Contact(on(node), leaseEpoch, SENT), wallClock, NOW + 1);

    assertThat(move.next().registration())
        .isEqualTo(new Registration(on(node), epoch, SENT, NOW + 1));
    assertThat(move.next().epoch()).isEqualTo(epoch);
    assertThat(move.displaced()).isEqualTo(isDisplacing ? home : null);
  }

  @Test
  void displacesNoHomeOfTheSameNode() {
    Home connection = new Home(ADDRESS, OTHER_WRITER, 1);

    Move move = registered.register(new Contact(connection, 0, SENT), 0, NOW);

    assertThat(move.next().home()).isEqualTo(connection);
    assertThat(move.displaced()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    // node, epoch -> node afterwards, node to revoke or 0
    "1, 10, 1, 0", // the known home says it again
    "1, 9,  1, 0", // the known home, by an older lease
    "1, 12, 1, 0",
    "2, 9,  1, 2", // an older lease
    "2, 10, 1, 2", // the same epoch
    "2, 11, 2, 1", // a newer lease
  })
  void believesAnAnnouncementOfTheKnownHomeOrOfANewerLease(
      long node, long epoch, long nodeAfterwards, long nodeToRevoke) {
    Move move = registered.announce(on(node), epoch, NOW);

    assertThat(move.next().home()).isEqualTo(on(nodeAfterwards));
    assertThat(move.displaced()).isEqualTo(nodeToRevoke == 0 ? null : on(nodeToRevoke));
  }

  @Test
  void believesNoAnnouncementForAnIdThatNobodyHas() {
    Move move = PeerState.EMPTY.announce(home, EPOCH, NOW);

    assertThat(move).isEqualTo(new Move(PeerState.EMPTY, home));
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

    assertThat(lapsed.announce(home, EPOCH, NOW)).isEqualTo(new Move(lapsed, home));
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

  @ParameterizedTest
  @CsvSource({
    // node, microseconds by which the registered one is newer -> overtaken
    "2, 1,        true",
    "2, 30000000, true", // PeerState.MAX_DELAY
    "2, 30000001, false", // a clock that is wrong has no say
    "2, 0,        false",
    "2, -1,       false",
    "1, 1,        false", // messages of one node come in order
  })
  void refusesAMessageThatWasDelayedWhileThePeerMovedToAnotherNode(
      long node, long newerBy, boolean isOvertaken) {
    PeerState state = registered.register(new Contact(home, EPOCH, SENT), 0, NOW).next();

    assertThat(state.overtakes(new Contact(on(node), 0, SENT - newerBy))).isEqualTo(isOvertaken);
  }

  @Test
  void doesNotCompareWithAHomeThatWasOnlyAnnounced() {
    assertThat(registered.overtakes(new Contact(on(2), 0, 1))).isFalse();
    assertThat(stored.overtakes(new Contact(on(2), 0, 1))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    // node, lease epoch -> superseded
    "1, 10, false",
    "1, 9,  false", // its own home
    "2, 9,  true",
    "2, 10, false",
    "2, 11, false",
  })
  void refusesToRenewAnOlderLeaseOfAnotherHome(long node, long leaseEpoch, boolean isSuperseded) {
    assertThat(registered.supersedes(new Contact(on(node), leaseEpoch, SENT)))
        .isEqualTo(isSuperseded);
  }

  @ParameterizedTest
  @CsvSource({
    // key stored, registered, host, port -> key required
    "true,  false, same,  50000, false",
    "true,  false, same,  50001, false",
    "true,  false, other, 50000, true",
    "true,  true,  same,  50001, false",
    "true,  true,  other, 50000, true",
    "false, false, same,  50000, true", // a row of hbbs without a key
    "false, true,  same,  50000, true",
  })
  void requiresTheKeyOfAPeerThatComesFromAnotherHost(
      boolean hasKey, boolean isRegistered, String host, int port, boolean isRequired) {
    PeerAddress from =
        host.equals("same") ? ADDRESS.withPort(port) : PeerAddress.v4(0xC6336414, port);
    PeerState state =
        (isRegistered ? registered : stored)
            .with(Optional.of(row(hasKey ? KEY : ByteString.EMPTY)));

    assertThat(state.requiresKey(from)).isEqualTo(isRequired);
  }

  @Test
  void requiresTheKeyOfAnIdThatNobodyHas() {
    assertThat(PeerState.EMPTY.requiresKey(ADDRESS)).isTrue();
  }

  @Test
  void reportsTheStoredIpWhenItDiffers() {
    assertThat(stored.previousIp("198.51.100.20")).isEqualTo(ADDRESS.ip());
    assertThat(stored.previousIp(ADDRESS.ip())).isEmpty();
    assertThat(PeerState.EMPTY.previousIp(ADDRESS.ip())).isEmpty();
  }
}
