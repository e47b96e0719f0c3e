package dev.rallypoint.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.config.Cidr;
import dev.rallypoint.policy.ConnectionQuota.Verdict;
import dev.rallypoint.protocol.address.PeerAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionQuotaTest {
  private static final PeerAddress HOST = PeerAddress.v4(0xCB007107, 1);
  private static final PeerAddress OTHER = PeerAddress.v4(0xCB007108, 1);

  private final ConnectionQuota quota =
      new ConnectionQuota(2, 4, List.of(Cidr.parse("exempt-networks", "203.0.113.8")));

  @Test
  void refusesOneMoreOfAHostWhateverItsPort() {
    quota.admit(HOST);
    quota.admit(HOST.withPort(2));
    assertThat(quota.admit(HOST.withPort(3))).isEqualTo(Verdict.PER_ADDRESS);
    assertThat(quota.held()).isEqualTo(2);
  }

  @Test
  void countsAnExemptHostOnlyTowardsAll() {
    for (int i = 0; i < 4; i++) {
      assertThat(quota.admit(OTHER)).isEqualTo(Verdict.ADMITTED);
    }
    assertThat(quota.admit(OTHER)).isEqualTo(Verdict.TOTAL);
  }

  @Test
  void countsWhoHasNoNameYetTowardsAll() {
    for (int i = 0; i < 4; i++) {
      assertThat(quota.admitUnnamed()).isTrue();
    }
    assertThat(quota.admitUnnamed()).isFalse();
    assertThat(quota.admit(HOST)).isEqualTo(Verdict.TOTAL);
  }

  @Test
  void countsANamedOneForItsHost() {
    quota.admit(HOST);
    quota.admitUnnamed();
    quota.name(HOST);
    assertThat(quota.admit(HOST)).isEqualTo(Verdict.PER_ADDRESS);
    assertThat(quota.held()).isEqualTo(2);
  }

  @Test
  void leavesOneUnnamedWhoseHostHoldsAllItMay() {
    quota.admit(HOST);
    quota.admit(HOST);
    quota.admitUnnamed();
    assertThat(quota.name(HOST)).isFalse();
    quota.releaseUnnamed();
    quota.release(HOST);
    quota.release(HOST);
    assertThat(quota.held()).isZero();
    assertThat(quota.admit(HOST)).isEqualTo(Verdict.ADMITTED);
  }
}
