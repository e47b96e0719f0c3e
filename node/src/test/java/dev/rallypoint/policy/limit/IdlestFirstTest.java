package dev.rallypoint.policy.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.policy.limit.IdlestFirst.Candidate;
import dev.rallypoint.protocol.address.PeerAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who gives up its places. Here all is in seconds. */
class IdlestFirstTest {
  private static final IdlestFirst RULE = new IdlestFirst(10, 4);
  private static final int NOW = 1_000;

  private final List<Candidate<String>> all = new ArrayList<>();

  private static PeerAddress host(String name) {
    return PeerAddress.of(new InetSocketAddress("10.0.0." + (name.charAt(0) - 'a'), 1));
  }

  /** Holds one place of each of these hosts. */
  private void add(String item, int idle, String... hosts) {
    all.add(
        new Candidate<>(item, Stream.of(hosts).map(IdlestFirstTest::host).toList(), NOW - idle));
  }

  private List<String> choose(int places) {
    return RULE.choose(all, places, NOW);
  }

  @Test
  void nobodyGoesWhileNoPlaceIsNeeded() {
    add("idle", 500, "a");
    assertThat(choose(0)).isEmpty();
  }

  @Test
  void theIdlestOfTheBusiestHostGoesFirst() {
    add("idler, but alone", 500, "a");
    add("used later", 20, "b");
    add("idlest of b", 40, "b");
    assertThat(choose(1)).containsExactly("idlest of b");
  }

  @Test
  void theNextHostIsTheBusiestWithoutThoseThatWent() {
    add("b1", 40, "b");
    add("b2", 30, "b");
    add("b3", 20, "b");
    add("c1", 50, "c");
    add("c2", 25, "c");
    assertThat(choose(4)).containsExactly("b1", "c1", "b2", "c2");
  }

  @Test
  void oneThatHoldsTwoPlacesFreesTwo() {
    add("pair", 40, "b", "b");
    add("other pair", 30, "b", "b");
    assertThat(choose(2)).containsExactly("pair");
    assertThat(choose(3)).containsExactly("pair", "other pair");
  }

  @Test
  void aSessionCountsForBothItsHosts() {
    add("1", 30, "a", "d");
    add("2", 20, "b", "d");
    add("3", 500, "c", "e");
    assertThat(choose(1)).containsExactly("1");
  }

  @Test
  void oneThatWasUsedJustNowStays() {
    add("busy", 9, "b");
    add("busy too", 9, "b");
    add("idle", 10, "a");
    assertThat(choose(3)).containsExactly("idle");
  }

  @Test
  void aHostWithManyPlacesLosesAnyOfThemDownToThose() {
    for (int i = 0; i < 6; i++) {
      add("b" + i, 0, "b");
    }
    add("other", 0, "a");
    assertThat(choose(7)).hasSize(2).allMatch(item -> item.startsWith("b"));
  }

  @Test
  void portsOfOneHostAreOneHost() {
    all.add(
        new Candidate<>(
            "1", List.of(PeerAddress.of(new InetSocketAddress("10.0.0.1", 1))), NOW - 20));
    all.add(
        new Candidate<>(
            "2", List.of(PeerAddress.of(new InetSocketAddress("10.0.0.1", 2))), NOW - 30));
    add("alone", 500, "a");
    assertThat(choose(1)).containsExactly("2");
  }

  @Test
  void choosesAmongThousandsWithoutCountingThemAnewForEach() {
    for (int i = 0; i < 20_000; i++) {
      add("s" + i, 20 + i % 100, i % 3 == 0 ? "b" : "c", "d");
    }
    assertThat(choose(20_000)).hasSize(10_000).doesNotHaveDuplicates();
  }
}
