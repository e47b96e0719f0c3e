package dev.rallypoint.store;

import static dev.rallypoint.store.Peers.find;
import static dev.rallypoint.store.Peers.peer;
import static dev.rallypoint.store.Peers.rename;
import static dev.rallypoint.store.Peers.save;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.protocol.identity.PeerId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every store does with ids that were not seen after their first day. */
abstract class NewIdContract {

  /** Another store on the one database of a test. */
  abstract PeerStore open() throws Exception;

  private void saveAll(PeerRow... rows) throws Exception {
    try (PeerStore store = open()) {
      for (PeerRow row : rows) {
        save(store, row);
      }
    }
  }

  private static List<PeerId> unseen(PeerStore store, Duration age, String after, int most)
      throws Exception {
    Optional<PeerId> begin = Optional.of(after).filter(id -> !id.isEmpty()).map(PeerId::new);
    return store.unseen(age, begin, most).toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static boolean letGo(PeerStore store, PeerRow seen) throws Exception {
    return store.letGo(seen).toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Test
  void tellsNewIdsInPagesAndByTheirAge() throws Exception {
    saveAll(peer("c"), peer("a"), peer("b"));
    try (PeerStore store = open()) {
      assertThat(unseen(store, Duration.ZERO, "", 2))
          .containsExactly(new PeerId("a"), new PeerId("b"));
      assertThat(unseen(store, Duration.ZERO, "b", 2)).containsExactly(new PeerId("c"));
      assertThat(unseen(store, Duration.ofDays(1), "", 2)).isEmpty();
    }
  }

  @Test
  void forgetsThatAnIdIsNewOnceItWasSeen() throws Exception {
    saveAll(peer("a"), peer("b"));
    try (PeerStore store = open()) {
      store.markSeen(List.of(new PeerId("a"))).toCompletableFuture().get(20, TimeUnit.SECONDS);

      assertThat(unseen(store, Duration.ZERO, "", 9)).containsExactly(new PeerId("b"));
      assertThat(letGo(store, peer("a"))).isFalse();
      assertThat(find(store, "a")).isPresent();
    }
  }

  @Test
  void doesNotTakeAKnownIdForNewWhenItsRowChanges() throws Exception {
    saveAll(peer("a"));
    try (PeerStore store = open()) {
      store.markSeen(List.of(new PeerId("a"))).toCompletableFuture().get(20, TimeUnit.SECONDS);
      save(store, peer("a", "a", "198.51.100.20"));

      assertThat(unseen(store, Duration.ZERO, "", 9)).isEmpty();
    }
  }

  @Test
  void letsANewIdGoThatIsAsItWasSeen() throws Exception {
    saveAll(peer("a"), peer("b"));
    try (PeerStore store = open()) {
      assertThat(letGo(store, peer("a"))).isTrue();
      assertThat(letGo(store, peer("a"))).isFalse();
      assertThat(letGo(store, peer("b", "b", "198.51.100.20"))).isFalse();

      assertThat(find(store, "a")).isEmpty();
      assertThat(find(store, "b")).isPresent();
    }
  }

  @Test
  void takesAnIdForNewAgainThatWasLetGo() throws Exception {
    saveAll(peer("a"));
    try (PeerStore store = open()) {
      letGo(store, peer("a"));
      save(store, peer("a"));

      assertThat(unseen(store, Duration.ZERO, "", 9)).containsExactly(new PeerId("a"));
    }
  }

  @Test
  void keepsARenamedIdAsNewAsItWas() throws Exception {
    saveAll(peer("a"), peer("b"));
    try (PeerStore store = open()) {
      store.markSeen(List.of(new PeerId("b"))).toCompletableFuture().get(20, TimeUnit.SECONDS);
      rename(store, "a", "new-of-a", "a");
      rename(store, "b", "new-of-b", "b");

      assertThat(unseen(store, Duration.ZERO, "", 9)).containsExactly(new PeerId("new-of-a"));
    }
  }
}
