package dev.rallypoint.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.config.Cidr;
import dev.rallypoint.config.ConnectionLimits;
import dev.rallypoint.protocol.address.PeerAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The limits of connections, for one host and for all. */
class ConnectionQuotaTest {
  private static final PeerAddress ONE = PeerAddress.v4(0xCB007107, 1000);
  private static final PeerAddress EXEMPT = PeerAddress.v4(0xC0000201, 1000);

  private final ConnectionQuota quota =
      new ConnectionQuota(2, 4, List.of(Cidr.parse("exempt", "192.0.2.0/24")));

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
    for (int i = 0; i < 4; i++) {
      assertThat(quota.acquire()).isTrue();
    }
    assertThat(quota.acquire()).isFalse();
    assertThat(quota.held()).isEqualTo(4);
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
  @CsvSource({"0, 3, 3", "2, 3, 2", "5, 3, 5"})
  void takesTheLimitForAllFromTheSettingsOrElseTheShare(int setting, int share, int most) {
    ConnectionQuota made = ConnectionQuota.of(new ConnectionLimits(9, setting, List.of()), share);
    for (int i = 0; i < most; i++) {
      assertThat(made.acquire()).isTrue();
    }
    assertThat(made.acquire()).isFalse();
  }
}
