package dev.rallypoint.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.config.Cidr;
import dev.rallypoint.config.ProxySettings;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.ForwardingHeaders;
import dev.rallypoint.policy.limit.ConnectionQuota;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.testing.TestPorts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who is admitted to a port, and what is counted for whom, where two of an address are allowed. */
class AdmissionTest {
  private static final PeerAddress PROXY = PeerAddress.v4(0xC0000201, 700);
  private static final PeerAddress CLIENT = PeerAddress.v4(0xCB007107, 1000);
  private static final PeerAddress BLOCKED = PeerAddress.v4(0xCB007166, 1000);
  private static final ForwardingHeaders NAMES_CLIENT =
      new ForwardingHeaders(List.of("203.0.113.7"), List.of(), List.of());

  private final Counters counters = new Counters();
  private final ConnectionQuota quota = new ConnectionQuota(2, 8, List.of());

  private PortPolicies policies(boolean withHeader) {
    return TestPorts.with(
        new ProxySettings(
            List.of(Cidr.parse("trusted-proxies", "192.0.2.0/24")), withHeader, Set.of()),
        Optional.empty(),
        Duration.ofSeconds(10),
        counters,
        FrameMemory.ofHeap());
  }

  private Admission withHeader() {
    return policies(true).forFrames(1).admission(quota, BLOCKED::isSameHost);
  }

  private static ClientConnection admitted(Admission admission, PeerAddress peer) {
    return admission.admit(peer).orElseThrow();
  }

  @Test
  void refusesAThirdConnectionOfAnAddressUntilOneIsReleased() {
    Admission admission = withHeader();
    ClientConnection first = admitted(admission, CLIENT);
    admitted(admission, CLIENT.withPort(2));
    assertThat(admission.admit(CLIENT.withPort(3))).isEmpty();
    assertThat(counters.of(DropReason.CONNECTION_PER_ADDRESS)).isOne();
    assertThat(quota.held()).isEqualTo(2);
    first.release();
    assertThat(admission.admit(CLIENT.withPort(3))).isPresent();
    assertThat(counters.of(Event.CONNECTIONS_ACCEPTED)).isEqualTo(3);
  }

  @Test
  void countsAProxyTowardsTheLimitForAllOnlyUntilItNamesItsClient() {
    Admission admission = withHeader();
    List<ClientConnection> proxied =
        List.of(admitted(admission, PROXY), admitted(admission, PROXY), admitted(admission, PROXY));
    assertThat(proxied.get(0).onHeader(Optional.of(CLIENT))).isTrue();
    assertThat(proxied.get(1).onHeader(Optional.of(CLIENT.withPort(2)))).isTrue();
    assertThat(proxied.get(2).onHeader(Optional.of(CLIENT.withPort(3)))).isFalse();
    assertThat(counters.of(DropReason.CONNECTION_PER_ADDRESS)).isOne();
    assertThat(admission.admit(CLIENT)).isEmpty();
    assertThat(quota.held()).isEqualTo(3);
    proxied.forEach(ClientConnection::release);
    assertThat(quota.held()).isZero();
    assertThat(admission.admit(CLIENT)).isPresent();
    assertThat(admission.admit(CLIENT)).isPresent();
    assertThat(admission.admit(CLIENT)).isEmpty();
  }

  @Test
  void refusesEverybodyOverTheLimitForAll() {
    Admission admission = withHeader();
    for (int i = 0; i < 8; i++) {
      admitted(admission, PROXY);
    }
    assertThat(admission.admit(PROXY)).isEmpty();
    assertThat(admission.admit(CLIENT)).isEmpty();
    assertThat(counters.of(DropReason.CONNECTION_TOTAL)).isEqualTo(2);
  }

  @Test
  void refusesABlockedClientWhicheverWayItComes() {
    Admission admission = withHeader();
    assertThat(admission.admit(BLOCKED)).isEmpty();
    ClientConnection proxied = admitted(admission, PROXY);
    assertThat(proxied.onHeader(Optional.of(BLOCKED))).isFalse();
    proxied.release();
    assertThat(counters.of(DropReason.RELAY_BLOCKED)).isEqualTo(2);
    assertThat(quota.held()).isZero();
  }

  @Test
  void aProxyThatNamesNobodySpeaksForItself() {
    ClientConnection connection = admitted(withHeader(), PROXY);
    assertThat(connection.beginsWithHeader()).isTrue();
    assertThat(connection.onHeader(Optional.empty())).isTrue();
    assertThat(connection.address()).isEqualTo(PROXY);
    assertThat(connection.isProxied()).isTrue();
    assertThat(counters.of(Event.CONNECTIONS_PROXIED)).isZero();
  }

  @Test
  void keepsTheNameOfItsClientAfterItsRelease() {
    ClientConnection connection = admitted(withHeader(), PROXY);
    connection.onHeader(Optional.of(CLIENT));
    connection.release();
    assertThat(connection.address()).isEqualTo(CLIENT);
  }

  @Test
  void isReleasedOnce() {
    Admission admission = withHeader();
    ClientConnection twice = admitted(admission, CLIENT);
    admitted(admission, CLIENT);
    twice.release();
    twice.release();
    assertThat(quota.held()).isOne();
    assertThat(admission.admit(CLIENT)).isPresent();
    assertThat(admission.admit(CLIENT)).isEmpty();
  }

  @Test
  void holdsNothingForAClientThatIsNamedAfterTheRelease() {
    PortPolicies policies = policies(false);
    ClientConnection connection = admitted(policies.forHttp(1).admission(quota), PROXY);
    connection.release();
    assertThat(connection.onRequest(NAMES_CLIENT)).isEmpty();
    assertThat(policies.syntheticPorts().taken()).isZero();
    assertThat(quota.held()).isZero();
    assertThat(quota.acquireFor(CLIENT)).isTrue();
    assertThat(quota.acquireFor(CLIENT)).isTrue();
  }

  @Test
  void givesASyntheticPortBackThatItCannotUse() {
    PortPolicies policies = policies(false);
    Admission admission = policies.forHttp(1).admission(quota);
    admitted(admission, CLIENT);
    admitted(admission, CLIENT);
    ClientConnection proxied = admitted(admission, PROXY);
    assertThat(proxied.onRequest(NAMES_CLIENT)).isEmpty();
    assertThat(policies.syntheticPorts().taken()).isZero();
  }

  @Test
  void letsOnlyThisMachineToTheConsoleAndNoProxy() {
    PeerAddress here = PeerAddress.v4(0x7F000001, 5);
    assertThat(admitted(withHeader(), here).mayUseConsole()).isTrue();
    assertThat(admitted(withHeader(), CLIENT).mayUseConsole()).isFalse();
    ClientConnection proxied = admitted(withHeader(), PROXY);
    proxied.onHeader(Optional.of(here));
    assertThat(proxied.mayUseConsole()).isFalse();
  }
}
