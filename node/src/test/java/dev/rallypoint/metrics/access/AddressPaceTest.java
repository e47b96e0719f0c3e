package dev.rallypoint.metrics.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.protocol.address.PeerAddress;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class AddressPaceTest {
  private static final long GAP = 60;
  private final AddressPace pace = new AddressPace(GAP, 3);

  private static PeerAddress at(String ip) {
    return PeerAddress.of(InetAddress.ofLiteral(ip), 4000);
  }

  @Test
  void admitsAnAddressOnceInAGap() {
    assertThat(pace.admits(at("192.0.2.1"), 0)).isTrue();
    assertThat(pace.admits(at("192.0.2.1").withPort(9), GAP - 1)).isFalse();
    assertThat(pace.admits(at("192.0.2.1"), GAP)).isTrue();
  }

  @Test
  void takesAnIpv6NetworkForOneAddress() {
    assertThat(pace.admits(at("2001:db8::1"), 0)).isTrue();
    assertThat(pace.admits(at("2001:db8::2"), 0)).isFalse();
    assertThat(pace.admits(at("2001:db8:0:1::1"), 0)).isTrue();
  }

  @Test
  void admitsNoMoreThanItsBoundUntilTheOldestGapIsOver() {
    assertThat(pace.admits(at("192.0.2.1"), 0)).isTrue();
    assertThat(pace.admits(at("192.0.2.2"), 1)).isTrue();
    assertThat(pace.admits(at("192.0.2.3"), 1)).isTrue();
    assertThat(pace.admits(at("192.0.2.4"), GAP - 1)).isFalse();
    assertThat(pace.admits(at("192.0.2.4"), GAP)).isTrue();
    assertThat(pace.admits(at("192.0.2.5"), GAP)).isFalse();
  }
}
