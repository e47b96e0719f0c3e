package dev.rallypoint.loadtest.gatling.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class OnlinePeersTest {
  private final OnlinePeers online = new OnlinePeers(2);

  private Set<String> picked(int node) {
    Set<String> ids = new TreeSet<>();
    for (int i = 0; i < 500; i++) {
      ids.add(online.any(node));
    }
    return ids;
  }

  @Test
  void picksWhoIsRegisteredAtTheNode() {
    online.add("a", 0);
    online.add("b", 0);
    online.add("c", 1);

    assertThat(picked(0)).containsExactly("a", "b");
    assertThat(picked(1)).containsExactly("c");
  }

  @Test
  void picksNobodyWhoHasGone() {
    online.add("a", 0);
    online.add("b", 0);
    online.add("c", 0);
    online.remove("a", 0);
    online.remove("c", 0);
    online.remove("c", 0);

    assertThat(picked(0)).containsExactly("b");
    assertThat(picked(1)).containsExactly(OnlinePeers.NOBODY);
  }
}
