package dev.rallypoint.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rallypoint.loadtest.peer.ConnectFailure;
import dev.rallypoint.loadtest.peer.ConnectFailure.Reason;
import dev.rallypoint.loadtest.peer.PeerBuilder;
import dev.rallypoint.loadtest.peer.SimulatedPeer;
import dev.rallypoint.loadtest.peer.session.ExchangeResult;
import dev.rallypoint.loadtest.peer.session.Session;
import dev.rallypoint.loadtest.peer.session.SessionPath;
import dev.rallypoint.protocol.proto.NatType;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two clients and the node on one host: what of the lab needs no NAT and no rights. */
@TestInstance(Lifecycle.PER_CLASS)
class PeersOnThisHostTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final long BYTES = 300_000;

  private TestNode node;

  @BeforeAll
  void start(@TempDir Path data) {
    node = TestNode.start(TestSettings.in(data));
  }

  @AfterAll
  void stop() {
    node.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.2.0", "1.2.7", "1.3.9", "1.4.0", "1.4.1", "1.4.9"})
  void neighboursOfAnyVersionMeet(String version) throws Exception {
    String id = "20000" + version.replace(".", "");
    try (SimulatedPeer target = target(id).version(version).start();
        SimulatedPeer requester = requester().version(version).start()) {
      target.awaitRegistered(LONG);

      try (Session session = requester.connect(id)) {
        assertThat(session.path()).isEqualTo(SessionPath.LOCAL_TCP);
        assertThat(session.isEncrypted()).isTrue();
        assertThat(session.exchange(BYTES)).matches(ExchangeResult::isIntact);
      }
    }
  }

  @Test
  void relaysWhenTheRequesterForcesIt() throws Exception {
    try (SimulatedPeer target = target("300000001").start();
        SimulatedPeer requester = requester().forceRelay().start()) {
      target.awaitRegistered(LONG);

      try (Session session = requester.connect("300000001")) {
        assertThat(session.path()).isEqualTo(SessionPath.RELAYED_BY_TARGET);
        assertThat(session.remote().getPort()).isEqualTo(node.port() + 1);
        assertThat(session.isEncrypted()).isTrue();
        assertThat(session.exchange(BYTES)).matches(ExchangeResult::isIntact);
      }
    }
  }

  @Test
  void relaysForALoggedInRequester() throws Exception {
    try (SimulatedPeer target = target("300000002").start();
        SimulatedPeer requester = requester().token("a token").forceRelay().start()) {
      target.awaitRegistered(LONG);

      try (Session session = requester.connect("300000002")) {
        assertThat(session.isRequestEncrypted()).isTrue();
        assertThat(session.exchange(BYTES)).matches(ExchangeResult::isIntact);
      }
    }
  }

  @Test
  void relaysOnRequestOfTheRequester() throws Exception {
    try (SimulatedPeer target = target("300000003").start();
        SimulatedPeer requester = requester().start()) {
      target.awaitRegistered(LONG);
      requester.connect("300000003").close(); // the server relays after a request to punch only

      try (Session session =
          requester.connectByRelay("300000003", "127.0.0.1:" + (node.port() + 1))) {
        assertThat(session.path()).isEqualTo(SessionPath.RELAYED_BY_REQUESTER);
        assertThat(session.exchange(BYTES)).matches(ExchangeResult::isIntact);
      }
    }
  }

  @Test
  void aSecondDeviceWithATakenIdDrawsANewOne() throws Exception {
    try (SimulatedPeer first = target("300000004").start()) {
      first.awaitRegistered(LONG);

      try (SimulatedPeer second = target("300000004").start()) {
        second.awaitRegistered(LONG);

        assertThat(second.id()).isNotEqualTo("300000004").hasSize(10);
        assertThat(first.id()).isEqualTo("300000004");
      }
    }
  }

  @Test
  void aDeviceOfBeforeBeginsWithRegisterPeerAndIsAskedForItsKey() throws Exception {
    SimulatedPeer before = target("300000005").start();
    before.awaitRegistered(LONG);
    before.close();

    try (SimulatedPeer again = target("300000005").device(before.device()).confirmed().start()) {
      again.awaitRegistered(LONG);

      assertThat(again.id()).isEqualTo("300000005");
    }
  }

  @Test
  void testsItsNatOverBothTransports() throws Exception {
    try (SimulatedPeer requester = requester().start()) {
      assertThat(requester.testNat().type()).isEqualTo(NatType.ASYMMETRIC);
      assertThat(requester.testUdpNat(LONG)).isPresent();
    }
  }

  @Test
  void seesWhoIsOnline() throws Exception {
    try (SimulatedPeer target = target("300000006").start();
        SimulatedPeer requester = requester().start()) {
      target.awaitRegistered(LONG);

      assertThat(requester.queryOnline(List.of("nobody-1", "300000006")).online())
          .containsExactly("300000006");
    }
  }

  @Test
  void isToldThatItsKeyIsWrong() throws Exception {
    try (SimulatedPeer requester = requester().key("another").start()) {
      ConnectFailure failure =
          catchThrowableOfType(ConnectFailure.class, () -> requester.connect("399999999"));

      assertThat(failure.reason()).isEqualTo(Reason.KEY_MISMATCH);
    }
  }

  private PeerBuilder target(String id) {
    return SimulatedPeer.named(id).server("127.0.0.1", node.port()).key(node.key().text());
  }

  private PeerBuilder requester() {
    return target("400000001").requesterOnly();
  }
}
