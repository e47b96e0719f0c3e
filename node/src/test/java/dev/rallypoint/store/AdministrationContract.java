package dev.rallypoint.store;

import static dev.rallypoint.store.Peers.find;
import static dev.rallypoint.store.Peers.peer;
import static dev.rallypoint.store.Peers.rename;
import static dev.rallypoint.store.Peers.save;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.cluster.SharedRule;
import dev.rallypoint.protocol.identity.PeerId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every store does for operators. */
abstract class AdministrationContract extends NewIdContract {

  private static <T> T done(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private PeerStore holding(String... ids) throws Exception {
    PeerStore store = open();
    for (String id : ids) {
      save(store, peer(id));
    }
    return store;
  }

  @Test
  void listsItsRowsInPagesByTheirIds() throws Exception {
    try (PeerStore store = holding("c", "a", "B")) {
      List<ListedPeer> first = done(store.list(PeerQuery.page("", 2, Optional.empty())));
      List<ListedPeer> rest = done(store.list(PeerQuery.page("a", 2, Optional.empty())));

      assertThat(first).extracting(ListedPeer::id).containsExactly("B", "a");
      assertThat(rest).extracting(ListedPeer::id).containsExactly("c");
      assertThat(first)
          .allSatisfy(row -> {
            assertThat(row.ip()).isEqualTo(Peers.IP);
            assertThat(row.stored()).isNotNull();
            assertThat(row.lastSeen()).isNull();
            assertThat(row.hasKey()).isTrue();
          });
      assertThat(done(store.count())).isEqualTo(3);
    }
  }

  @Test
  void listsTheRowOfOneId() throws Exception {
    try (PeerStore store = holding("a", "b")) {
      assertThat(done(store.list(PeerQuery.of("b"))))
          .extracting(ListedPeer::id)
          .containsExactly("b");
      assertThat(done(store.list(PeerQuery.of("c")))).isEmpty();
    }
  }

  @Test
  void tellsWhichIdsWereNotInUseForSoLong() throws Exception {
    try (PeerStore store = holding("a", "b")) {
      done(store.markInUse(List.of(new PeerId("a"), new PeerId("nobody"))));
      done(store.markInUse(List.of(new PeerId("a"))));

      assertThat(done(store.list(PeerQuery.page("", 9, Optional.of(Duration.ZERO)))))
          .singleElement()
          .satisfies(row -> {
            assertThat(row.id()).isEqualTo("a");
            assertThat(row.lastSeen()).isNotNull();
          });
      assertThat(done(store.list(PeerQuery.page("", 9, Optional.of(Duration.ofDays(1))))))
          .isEmpty();
    }
  }

  @Test
  void removesARowThatIsAsItWasSeen() throws Exception {
    try (PeerStore store = holding("a", "b")) {
      done(store.markInUse(List.of(new PeerId("a"))));

      assertThat(done(store.remove(peer("b", "b", "198.51.100.20")))).isFalse();
      assertThat(done(store.remove(peer("a")))).isTrue();
      assertThat(done(store.remove(peer("a")))).isFalse();

      assertThat(find(store, "a")).isEmpty();
      assertThat(find(store, "b")).isPresent();
      save(store, peer("a"));
      assertThat(done(store.list(PeerQuery.of("a"))).getFirst().lastSeen()).isNull();
    }
  }

  @Test
  void takesTheLastDayOfUseAlongWhenAnIdIsRenamedOrLetGo() throws Exception {
    try (PeerStore store = holding("a", "b")) {
      done(store.markInUse(List.of(new PeerId("a"), new PeerId("b"))));

      rename(store, "a", "new-of-a", "a");
      done(store.letGo(peer("b")));

      assertThat(done(store.list(PeerQuery.of("new-of-a"))).getFirst().lastSeen()).isNotNull();
      for (String free : List.of("a", "b")) {
        save(store, peer(free));
        assertThat(done(store.list(PeerQuery.of(free))).getFirst().lastSeen()).as(free).isNull();
      }
    }
  }

  @Test
  void replacesARuleThatIsAsItWasSeen() throws Exception {
    SharedRule first = new SharedRule("blacklist", "192.0.2.1", 5);
    SharedRule second = new SharedRule("blacklist", "192.0.2.2", 9);
    try (PeerStore store = open()) {
      assertThat(done(store.replace(Optional.empty(), first))).isTrue();
      assertThat(done(store.replace(Optional.empty(), second))).isFalse();
      assertThat(done(store.rules())).contains(first);
      assertThat(done(store.replace(Optional.of(first), second))).isTrue();
      assertThat(done(store.replace(Optional.of(first), first))).isFalse();
      assertThat(done(store.rules())).contains(second).doesNotContain(first);
    }
  }

  @Test
  void keepsTheLatestRuleOfAName() throws Exception {
    try (PeerStore store = open()) {
      done(store.save(new SharedRule("blocklist", "192.0.2.1", 5)));
      done(store.save(new SharedRule("blocklist", "192.0.2.2", 4)));
      done(store.save(new SharedRule("limit-speed", "16", 1)));
      done(store.save(new SharedRule("limit-speed", "8", 2)));

      assertThat(done(store.rules()))
          .filteredOn(rule -> !rule.name().equals("blacklist")) // of another test
          .containsExactlyInAnyOrder(
              new SharedRule("blocklist", "192.0.2.1", 5), new SharedRule("limit-speed", "8", 2));
    }
  }
}
