package dev.rallypoint.policy.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.config.Cidr;
import dev.rallypoint.config.ConnectionLimits;
import dev.rallypoint.policy.limit.DescriptorBudget.Share;
import dev.rallypoint.protocol.address.PeerAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The limits of connections, for one host and for all. */
class ConnectionQuotaTest {
  private static final PeerAddress ONE = PeerAddress.v4(0xCB007107, 1000);
  private static final PeerAddress EXEMPT = PeerAddress.v4(0xC0000201, 1000);

  private final ConnectionQuota quota =
      new ConnectionQuota(2, 8, List.of(Cidr.parse("exempt", "192.0.2.0/24")));

  @Test
  void refusesAHostOverItsLimitWhateverThePort() {
    assertThat(quota.acquireFor(ONE)).isTrue();
    assertThat(quota.acquireFor(ONE.withPort(2))).isTrue();
    assertThat(quota.acquireFor(ONE.withPort(3))).isFalse();
  }

  @Test
  void refusesNoExemptHost() {
    for (int i = 0; i < 4; i++) {
      assertThat(quota.acquireFor(EXEMPT)).isTrue();
    }
  }

  @Test
  void refusesConnectionsOverTheLimitForAll() {
    for (int i = 0; i < 8; i++) {
      assertThat(quota.acquire()).isTrue();
    }
    assertThat(quota.acquire()).isFalse();
    assertThat(quota.held()).isEqualTo(8);
  }

  @Test
  void aReleaseMakesRoom() {
    quota.acquireFor(ONE);
    quota.acquireFor(ONE);
    quota.releaseFor(ONE);
    assertThat(quota.acquireFor(ONE)).isTrue();
    assertThat(quota.acquireFor(ONE)).isFalse();
  }

  @Test
  void aRefusedHostStillHoldsWhatItHeld() {
    quota.acquireFor(ONE);
    quota.acquireFor(ONE);
    quota.acquireFor(ONE);
    quota.releaseFor(ONE);
    assertThat(quota.acquireFor(ONE)).isTrue();
  }

  @Test
  void aReleaseOfAHostThatHoldsNothingCountsForNothing() {
    quota.releaseFor(ONE);
    assertThat(quota.acquireFor(ONE)).isTrue();
    assertThat(quota.acquireFor(ONE)).isTrue();
    assertThat(quota.acquireFor(ONE)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    // setting, total: most of one host
    "1,    1000, 1",
    "10000, 1000, 250",
    "10000, 1532, 383",
    "250,  1000, 250",
    "5,    3,    1",
  })
  void givesNoHostMoreThanAQuarterOfThePlacesWhateverTheSetting(int setting, int total, int most) {
    ConnectionQuota made = new ConnectionQuota(setting, total, List.of());
    assertThat(admitted(made, ONE, 0)).isEqualTo(most);
  }

  @Test
  void givesNoHostMoreThanAQuarterOfTheHeap() {
    ConnectionQuota made = ConnectionQuota.of(limits(0), new Share(1_000, 1_000_000));
    assertThat(admitted(made, ONE, 10_000)).isEqualTo(25);
    assertThat(admitted(made, EXEMPT, 10_000)).isEqualTo(1_000);
  }

  @Test
  void countsAnIpv6NetworkAsOneHost() throws UnknownHostException {
    ConnectionQuota made = new ConnectionQuota(2, 8, List.of());
    assertThat(made.acquireFor(v6("2001:db8::1"))).isTrue();
    assertThat(made.acquireFor(v6("2001:db8::2:1"))).isTrue();
    assertThat(made.acquireFor(v6("2001:db8::ffff:0:0:3"))).isFalse();
    assertThat(made.acquireFor(v6("2001:db8:0:1::1"))).isTrue();
  }

  @Test
  void refusesConnectionsThatTheHeapHasNoRoomFor() {
    ConnectionQuota made = ConnectionQuota.of(limits(0), new Share(1_000, 100));
    assertThat(made.acquire(60)).isTrue();
    assertThat(made.acquire(50)).isFalse();
    assertThat(made.acquire(40)).isTrue();
    made.release(60);
    assertThat(made.acquire(50)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"0, 3, 3", "2, 3, 2", "5, 3, 3"})
  void takesTheLimitForAllFromTheSettingsButNeverMoreThanTheShare(
      int setting, int share, int most) {
    ConnectionQuota made = ConnectionQuota.of(limits(setting), Share.ofConnections(share));
    for (int i = 0; i < most; i++) {
      assertThat(made.acquire()).isTrue();
    }
    assertThat(made.acquire()).isFalse();
  }

  private static ConnectionLimits limits(int total) {
    return new ConnectionLimits(
        10_000, total, List.of(Cidr.parse("exempt-networks", "192.0.2.0/24")));
  }

  private static int admitted(ConnectionQuota quota, PeerAddress host, int bytes) {
    for (int count = 0; ; count++) {
      if (count == 1_000 || !quota.acquireFor(host, bytes)) {
        return count;
      }
    }
  }

  private static PeerAddress v6(String ip) throws UnknownHostException {
    return PeerAddress.of(InetAddress.getByName(ip), 1_000);
  }
}
