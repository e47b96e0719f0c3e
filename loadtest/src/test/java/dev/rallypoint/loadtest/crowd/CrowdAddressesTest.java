package dev.rallypoint.loadtest.crowd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CrowdAddressesTest {
  private static final int FIRST_ID = 600_000_000;
  private static final int PEERS = 20_000;

  @Test
  void putsSoManyPeersBehindEachIp() {
    CrowdAddresses offices = new CrowdAddresses(300);

    Map<Integer, Long> peers =
        ids().boxed().collect(Collectors.groupingBy(offices::at, Collectors.counting()));

    assertThat(peers.values()).contains(300L).allMatch(count -> count <= 300);
  }

  @Test
  void givesEachPeerAnIpOfItsOwn() {
    Set<Integer> ips =
        ids().map(CrowdAddresses.OF_THEIR_OWN::at).boxed().collect(Collectors.toSet());

    assertThat(ips).hasSize(PEERS);
  }

  @Test
  void carriesAPeerWhereNoOtherHasBeen() {
    CrowdAddresses offices = new CrowdAddresses(300);

    Set<Integer> before = ids().map(offices::at).boxed().collect(Collectors.toSet());
    Set<Integer> after = ids().map(offices::elsewhere).boxed().collect(Collectors.toSet());

    assertThat(after).hasSameSizeAs(before).doesNotContainAnyElementsOf(before);
  }

  private static IntStream ids() {
    return IntStream.range(FIRST_ID, FIRST_ID + PEERS);
  }
}
