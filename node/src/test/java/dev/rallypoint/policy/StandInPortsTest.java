package dev.rallypoint.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.protocol.address.PeerAddress;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StandInPortsTest {
  private static final PeerAddress HOST = PeerAddress.v4(0xCB007107, 0);
  private static final PeerAddress OTHER = PeerAddress.v4(0xCB007108, 0);

  private final StandInPorts ports = new StandInPorts();

  @Test
  void givesEachConnectionOfAnIpAPortOfItsOwnAndNeverZero() {
    Set<PeerAddress> given = new HashSet<>();
    for (int i = 0; i < 65_535; i++) {
      given.add(ports.take(HOST).orElseThrow());
    }
    assertThat(given).hasSize(65_535).noneMatch(address -> address.port() == 0);
    assertThat(given).allMatch(address -> address.isSameHost(HOST));
  }

  @Test
  void givesNoneWhenAnIpHasAll() {
    for (int i = 0; i < 65_535; i++) {
      ports.take(HOST);
    }
    assertThat(ports.take(HOST)).isEmpty();
    assertThat(ports.take(OTHER)).isPresent();
  }

  @Test
  void givesTheOneThatIsFreeAgain() {
    for (int i = 0; i < 65_535; i++) {
      ports.take(HOST);
    }
    ports.release(HOST.withPort(4711));
    assertThat(ports.take(HOST)).contains(HOST.withPort(4711));
  }

  @Test
  void doesNotGiveAReleasedPortAtOnceAgain() {
    PeerAddress first = ports.take(HOST).orElseThrow();
    ports.release(first);
    assertThat(ports.take(HOST)).isPresent().get().isNotEqualTo(first);
  }

  @Test
  void goesThroughTheSameRowEachTime() {
    assertThat(ports.take(HOST)).contains(HOST.withPort(1));
    assertThat(ports.take(OTHER)).contains(OTHER.withPort(2));
    assertThat(ports.taken()).isEqualTo(2);
  }
}
