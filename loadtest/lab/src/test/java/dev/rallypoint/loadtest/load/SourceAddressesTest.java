package dev.rallypoint.loadtest.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SourceAddressesTest {
  private static final int FIRST_ID = 600_000_000;
  private static final int PEERS = 20_000;

  @Test
  void givesAnAddressToThatManyPeers() {
    SourceAddresses offices = new SourceAddresses(300);

    Map<Integer, Long> peers =
        ids().boxed().collect(Collectors.groupingBy(offices::first, Collectors.counting()));

    assertThat(peers.values()).contains(300L).allMatch(count -> count <= 300);
  }

  @Test
  void givesEachPeerAnAddressOfItsOwn() {
    Set<Integer> addresses =
        ids().map(SourceAddresses.ONE_PER_PEER::first).boxed().collect(Collectors.toSet());

    assertThat(addresses).hasSize(PEERS);
  }

  @Test
  void changesToAddressesThatNoPeerHadBefore() {
    SourceAddresses offices = new SourceAddresses(300);

    Set<Integer> before = ids().map(offices::first).boxed().collect(Collectors.toSet());
    Set<Integer> after = ids().map(offices::second).boxed().collect(Collectors.toSet());

    assertThat(after).hasSameSizeAs(before).doesNotContainAnyElementsOf(before);
  }

  @Test
  void givesOnLoopbackOnlyAddressesThatJavaBinds() {
    SourceAddresses loopback = SourceAddresses.onLoopback(1);

    Set<InetAddress> addresses =
        ids()
            .mapToObj(id -> SourceAddresses.address(loopback.first(id)))
            .collect(Collectors.toSet());

    assertThat(addresses)
        .hasSize(PEERS)
        .allMatch(InetAddress::isLoopbackAddress)
        .noneMatch(address -> address.getAddress()[3] == (byte) 255);
  }

  private static IntStream ids() {
    return IntStream.range(FIRST_ID, FIRST_ID + PEERS);
  }
}
