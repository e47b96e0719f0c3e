package dev.rallypoint.store;

import static dev.rallypoint.store.Peers.IP;
import static dev.rallypoint.store.Peers.add;
import static dev.rallypoint.store.Peers.find;
import static dev.rallypoint.store.Peers.key;
import static dev.rallypoint.store.Peers.peer;
import static dev.rallypoint.store.Peers.rename;
import static dev.rallypoint.store.Peers.save;
import static dev.rallypoint.store.Peers.uuid;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.identity.PeerId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every store does. */
abstract class PeerStoreContract extends AdministrationContract {

  private void saveAll(PeerRow... rows) throws Exception {
    try (PeerStore store = open()) {
      for (PeerRow row : rows) {
        save(store, row);
      }
    }
  }

  @Test
  void findsASavedPeerAfterItIsOpenedAgain() throws Exception {
    saveAll(peer("123456789"));
    try (PeerStore store = open()) {
      assertThat(find(store, "123456789")).contains(peer("123456789"));
    }
  }

  @Test
  void findsNothingOfAnIdNobodyHas() throws Exception {
    try (PeerStore store = open()) {
      assertThat(find(store, "123456789")).isEmpty();
    }
  }

  @Test
  void replacesUuidKeyAndIp() throws Exception {
    saveAll(peer("123456789"), peer("123456789", "other", "2001:db8:0:0:0:0:0:1"));
    try (PeerStore store = open()) {
      assertThat(find(store, "123456789"))
          .contains(peer("123456789", "other", "2001:db8:0:0:0:0:0:1"));
    }
  }

  @Test
  void tellsIdsApartThatDifferInCaseOnly() throws Exception {
    saveAll(peer("My-Laptop"), peer("my-laptop"));
    try (PeerStore store = open()) {
      assertThat(find(store, "My-Laptop")).contains(peer("My-Laptop"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'; drop table peer; --",
        "h\u00f6st \u4e3b\u673a \ud83d\ude00",
        "%_:id ?",
        "{a,b}",
        "\\\"quoted\\\"",
        "null",
        "trailing space "
      })
  void keepsAnyText(String id) throws Exception {
    saveAll(peer(id));
    try (PeerStore store = open()) {
      assertThat(find(store, id)).contains(peer(id));
    }
  }

  @Test
  void keepsARowWithoutUuidKeyAndIp() throws Exception {
    PeerRow empty = new PeerRow(new PeerId("123456789"), ByteString.EMPTY, ByteString.EMPTY, "");
    saveAll(empty);
    try (PeerStore store = open()) {
      assertThat(find(store, "123456789")).contains(empty);
    }
  }

  @Test
  void keepsAllOf5000ConcurrentSaves() throws Exception {
    try (PeerStore store = open()) {
      CompletableFuture<?>[] saves =
          IntStream.range(0, 5_000)
              .parallel()
              .mapToObj(i -> add(store, peer("peer-" + i)))
              .toArray(CompletableFuture<?>[]::new);
      CompletableFuture.allOf(saves).get(60, TimeUnit.SECONDS);
    }
    try (PeerStore store = open()) {
      for (int i = 0; i < 5_000; i++) {
        assertThat(find(store, "peer-" + i)).contains(peer("peer-" + i));
      }
    }
  }

  @Test
  void keepsTheLastOfAChainOfSavesOfOneId() throws Exception {
    try (PeerStore store = open()) {
      Optional<PeerRow> seen = Optional.empty();
      for (int i = 0; i < 2_000; i++) {
        PeerRow next = peer("123456789", "k" + i, IP);
        store.save(next, seen);
        seen = Optional.of(next);
      }
      save(store, peer("123456789", "last", IP), seen);

      assertThat(find(store, "123456789")).contains(peer("123456789", "last", IP));
    }
  }

  @Test
  void savesNothingOverAnIdThatWasThoughtToBeNobodys() throws Exception {
    saveAll(peer("123456789"));
    try (PeerStore store = open()) {
      PeerRow other = peer("123456789", "other", IP);

      assertThat(save(store, other, Optional.empty())).contains(peer("123456789"));
      assertThat(find(store, "123456789")).contains(peer("123456789"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"uuid", "key", "ip"})
  void savesNothingOverARowThatIsNotAsSeen(String part) throws Exception {
    PeerRow stored = peer("123456789");
    saveAll(stored);
    PeerRow seen =
        new PeerRow(
            stored.id(),
            part.equals("uuid") ? uuid("other") : stored.uuid(),
            part.equals("key") ? key("other") : stored.key(),
            part.equals("ip") ? "192.0.2.1" : stored.ip());
    try (PeerStore store = open()) {
      PeerRow wanted = peer("123456789", "third", IP);

      assertThat(save(store, wanted, Optional.of(seen))).contains(stored);
      assertThat(find(store, "123456789")).contains(stored);
    }
  }

  @Test
  void savesNothingWhereThereIsNoRowAnyMore() throws Exception {
    try (PeerStore store = open()) {
      PeerRow wanted = peer("123456789", "other", IP);

      assertThat(save(store, wanted, Optional.of(peer("123456789")))).isEmpty();
      assertThat(find(store, "123456789")).isEmpty();
    }
  }

  @Test
  void isDoneWithASaveThatWasDone() throws Exception {
    PeerRow moved = peer("123456789", "123456789", "192.0.2.1");
    saveAll(peer("123456789"), moved);
    try (PeerStore store = open()) {
      assertThat(save(store, moved, Optional.of(peer("123456789")))).contains(moved);
    }
  }

  @Test
  void givesAnIdToOneOfManyThatWantItAtOnce() throws Exception {
    try (PeerStore one = open();
        PeerStore other = open()) {
      List<CompletableFuture<Optional<PeerRow>>> answers =
          IntStream.range(0, 400)
              .parallel()
              .mapToObj(i -> add(i % 2 == 0 ? one : other, peer("123456789", "device " + i, IP)))
              .toList();
      List<Optional<PeerRow>> held = answers.stream().map(CompletableFuture::join).toList();

      assertThat(find(one, "123456789")).isPresent();
      assertThat(held).hasSize(400).containsOnly(find(one, "123456789"));
    }
  }

  @Test
  void writesWhatWaitsBeforeItCloses() throws Exception {
    PeerStore store = open();
    var saves = IntStream.range(0, 3_000).mapToObj(i -> add(store, peer("peer-" + i))).toList();

    store.close();

    assertThat(saves).allMatch(save -> save.isDone() && !save.isCompletedExceptionally());
  }

  @Test
  void refusesSavesAfterItIsClosed() throws Exception {
    PeerStore store = open();
    store.close();
    assertThat(add(store, peer("123456789")))
        .failsWithin(5, TimeUnit.SECONDS)
        .withThrowableThat()
        .withCauseInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void refusesFindsAfterItIsClosed() throws Exception {
    PeerStore store = open();
    store.close();
    assertThat(store.find(new PeerId("123456789")).toCompletableFuture())
        .failsWithin(5, TimeUnit.SECONDS)
        .withThrowableThat()
        .withCauseInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void givesARowAnotherIdWhole() throws Exception {
    saveAll(peer("123456789"));
    try (PeerStore store = open()) {
      assertThat(rename(store, "123456789", "chosen-id", "123456789")).isEqualTo(RenameResult.DONE);

      assertThat(find(store, "123456789")).isEmpty();
      assertThat(find(store, "chosen-id"))
          .contains(new PeerRow(new PeerId("chosen-id"), uuid("123456789"), key("123456789"), IP));
    }
  }

  @Test
  void putsTheRowOfTheOldIdInThePlaceOfTheDevicesOwnRow() throws Exception {
    saveAll(peer("123456789"), peer("chosen-id", "123456789", "192.0.2.1"));
    try (PeerStore store = open()) {
      assertThat(rename(store, "123456789", "chosen-id", "123456789")).isEqualTo(RenameResult.DONE);

      assertThat(find(store, "123456789")).isEmpty();
      assertThat(find(store, "chosen-id")).contains(peer("chosen-id", "123456789", IP));
    }
  }

  @Test
  void isDoneWithARenamingThatWasDone() throws Exception {
    saveAll(peer("123456789"));
    try (PeerStore store = open()) {
      rename(store, "123456789", "chosen-id", "123456789");

      assertThat(rename(store, "123456789", "chosen-id", "123456789")).isEqualTo(RenameResult.DONE);
    }
  }

  @Test
  void renamesNothingOfAnotherDevice() throws Exception {
    saveAll(peer("123456789"));
    try (PeerStore store = open()) {
      assertThat(rename(store, "123456789", "chosen-id", "other"))
          .isEqualTo(RenameResult.NOT_OWNED);

      assertThat(find(store, "123456789")).contains(peer("123456789"));
    }
  }

  @Test
  void renamesToNoIdOfAnotherDevice() throws Exception {
    saveAll(peer("123456789"), peer("chosen-id"));
    try (PeerStore store = open()) {
      assertThat(rename(store, "123456789", "chosen-id", "123456789"))
          .isEqualTo(RenameResult.TAKEN);

      assertThat(find(store, "123456789")).contains(peer("123456789"));
      assertThat(find(store, "chosen-id")).contains(peer("chosen-id"));
    }
  }
}
