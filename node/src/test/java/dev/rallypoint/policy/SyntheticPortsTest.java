package dev.rallypoint.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.protocol.address.PeerAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which ports clients behind a proxy are given. */
class SyntheticPortsTest {
  private static final PeerAddress HOST = PeerAddress.v4(0xCB007107, 0);
  private static final PeerAddress OTHER = PeerAddress.v4(0xCB007108, 0);

  private final SyntheticPorts ports = new SyntheticPorts(() -> 0, new Random(1));

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
  void goesThroughOneOrderForAllIps() {
    PeerAddress first = ports.take(HOST).orElseThrow();

    assertThat(ports.take(OTHER)).isPresent().get().isNotEqualTo(OTHER.withPort(first.port()));
    assertThat(ports.taken()).isEqualTo(2);
  }

  @Test
  void givesNoAddressThatAnotherNodeGives() {
    SyntheticPorts atNextNode = new SyntheticPorts(() -> 1, new Random(1));

    List<PeerAddress> here = take(ports, 2_000);

    assertThat(take(atNextNode, 2_000)).doesNotContainAnyElementsOf(here).doesNotHaveDuplicates();
  }

  @Test
  void doesNotKeepStepWithANodeThatHadItsShareBefore() {
    AtomicInteger place = new AtomicInteger(1);
    SyntheticPorts atNextNode = new SyntheticPorts(place::get, new Random(2));
    List<PeerAddress> here = take(ports, 20);

    place.set(0);

    assertThat(take(atNextNode, 20)).doesNotContainAnyElementsOf(here);
  }

  private static List<PeerAddress> take(SyntheticPorts ports, int count) {
    return IntStream.range(0, count).mapToObj(i -> ports.take(HOST).orElseThrow()).toList();
  }
}
