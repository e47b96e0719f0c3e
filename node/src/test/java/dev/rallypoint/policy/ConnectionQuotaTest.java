package dev.rallypoint.policy;

import static dev.rallypoint.policy.ConnectionQuota.Verdict.ADMITTED;
import static dev.rallypoint.policy.ConnectionQuota.Verdict.PER_ADDRESS;
import static dev.rallypoint.policy.ConnectionQuota.Verdict.TOTAL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.config.Cidr;
import dev.rallypoint.protocol.address.PeerAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionQuotaTest {
  private static final PeerAddress ONE = PeerAddress.v4(0xCB007107, 1000);
  private static final PeerAddress OTHER = PeerAddress.v4(0xC0000201, 1000);

  private final ConnectionQuota quota =
      new ConnectionQuota(2, 4, List.of(Cidr.parse("exempt", "192.0.2.0/24")));

  @Test
  void refusesAHostOverItsLimitWhateverThePort() {
    assertThat(quota.admit(ONE)).isEqualTo(ADMITTED);
    assertThat(quota.admit(ONE.withPort(2))).isEqualTo(ADMITTED);
    assertThat(quota.admit(ONE.withPort(3))).isEqualTo(PER_ADDRESS);
    assertThat(quota.held()).isEqualTo(2);
  }

  @Test
  void exemptHostsCountTowardsTheTotalOnly() {
    for (int i = 0; i < 4; i++) {
      assertThat(quota.admit(OTHER)).isEqualTo(ADMITTED);
    }
    assertThat(quota.admit(OTHER)).isEqualTo(TOTAL);
    assertThat(quota.admit(ONE)).isEqualTo(TOTAL);
  }

  @Test
  void aReleaseMakesRoom() {
    quota.admit(ONE);
    quota.admit(ONE);
    quota.release(ONE);
    assertThat(quota.admit(ONE)).isEqualTo(ADMITTED);
  }

  @Test
  void aReleaseThatWasNotAdmittedCountsForNothing() {
    quota.admit(ONE);
    quota.release(OTHER);
    assertThat(quota.held()).isOne();
  }
}
