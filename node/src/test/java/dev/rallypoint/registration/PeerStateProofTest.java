package dev.rallypoint.registration;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.rallypoint.policy.KeyPolicy.Change;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.registration.PeerState.Contact;
import dev.rallypoint.store.PeerRow;
import dev.rallypoint.transport.Push;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a peer has to prove before it is registered elsewhere, as tables. It is registered on node 1
 * by a lease of epoch 10, unless a test says otherwise.
 */
class PeerStateProofTest {
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
    // registered, node, lease epoch -> epoch that the node does not know, or 0
    "true,  2, 0,  10", // it may have waited there while the peer came here
    "true,  2, 9,  10",
    "true,  2, 11, 10", // of an earlier incarnation
    "true,  2, 10, 0",
    "true,  1, 0,  0", // its own home
    "false, 2, 0,  0", // nothing is displaced
  })
  void takesAMessageForAnotherHomeFromANodeThatKnowsThePresentOne(
      boolean isRegistered, long node, long leaseEpoch, long unknown) {
    PeerState state = isRegistered ? registered : stored;

    assertThat(state.epochUnknownTo(new Contact(on(node), leaseEpoch))).isEqualTo(unknown);
  }

  @ParameterizedTest
  @CsvSource({
    // key stored, registered, host, port, node -> key required
    "true,  false, same,  50000, 1, false",
    "true,  false, same,  50001, 1, false",
    "true,  false, same,  50000, 2, false",
    "true,  false, other, 50000, 1, true",
    "true,  true,  same,  50000, 1, false",
    "true,  true,  same,  50001, 1, true", // a neighbour behind the same NAT, or a new mapping
    "true,  true,  same,  50000, 2, true", // a forged source
    "true,  true,  other, 50000, 1, true",
    "false, false, same,  50000, 1, true", // a row of hbbs without a key
    "false, true,  same,  50000, 1, true",
  })
  void requiresTheKeyOfAHeartbeatToAnotherHome(
      boolean hasKey, boolean isRegistered, String host, int port, long node, boolean isRequired) {
    PeerAddress from =
        host.equals("same") ? ADDRESS.withPort(port) : PeerAddress.v4(0xC6336414, port);
    PeerState state =
        (isRegistered ? registered : stored)
            .with(Optional.of(row(hasKey ? KEY : ByteString.EMPTY)));

    assertThat(state.requiresKey(new Home(from, on(node).writer(), node, false)))
        .isEqualTo(isRequired);
  }

  @Test
  void takesAHeartbeatOfTheStoredHostOnceTheHomeFellSilent() {
    Home newPort = new Home(ADDRESS.withPort(50_001), WRITER, 1, false);

    assertThat(registered.requiresKey(newPort)).isTrue();
    assertThat(registered.lapse(home, EPOCH).requiresKey(newPort)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    // from, to, change -> stays
    "socket, other socket, NONE,     false",
    "socket, other socket, IP,       false",
    "socket, other socket, IDENTITY, true", // the uuid alone moves no living home
    "socket, link,         NONE,     false",
    "socket, link,         IDENTITY, true",
    "socket, socket,       IDENTITY, false", // a new key from its own home
    "link,   other socket, NONE,     true", // no datagram displaces a link
    "link,   other socket, IP,       true",
    "link,   other link,   NONE,     false",
    "link,   other link,   IP,       false",
    "link,   other link,   IDENTITY, true",
    "link,   link,         IDENTITY, false",
    "none,   other socket, IDENTITY, false",
    "none,   other socket, NONE,     false",
  })
  void movesAPeerFromALivingHomeByTheStoredUuidAndKeyOnlyAndFromALinkByALinkOnly(
      String from, String to, Change change, boolean isKept) {
    PeerState state =
        from.equals("none") ? stored : stored.announce(homeOf(from), EPOCH, NOW).next();

    assertThat(state.keepsHome(homeOf(to), change)).isEqualTo(isKept);
  }

  private Home homeOf(String kind) {
    return switch (kind) {
      case "socket" -> home;
      case "link" -> link(1);
      case "other link" -> link(2);
      default -> new Home(ADDRESS.withPort(50_001), WRITER, 1, false);
    };
  }

  @Test
  void requiresTheKeyOfAnIdThatNobodyHas() {
    assertThat(PeerState.EMPTY.requiresKey(home)).isTrue();
  }
}
