package dev.rallypoint.store;

import static dev.rallypoint.store.Peers.key;
import static dev.rallypoint.store.Peers.uuid;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.rallypoint.policy.KeyPolicy;
import dev.rallypoint.policy.KeyPolicy.Known;
import dev.rallypoint.policy.KeyPolicy.Verdict;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.RegisterPk;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Nodes that all believe to own the same ids, with memories of any age. The database writes down
 * what really changed, in the order it changed; the rule must allow each step.
 */
abstract class PeerHistoryContract {
  private static final int NODES = 3;
  private static final int ENTITIES = 4;
  private static final int REQUESTS = 400;

  /**
   * One change of a row, as the database saw it.
   *
   * @param before the row that was there, or null when there was none
   * @param after the row that is there, or null when it was deleted
   */
  record Change(@Nullable PeerRow before, @Nullable PeerRow after) {}

  private final Set<PeerRow> acknowledged = ConcurrentHashMap.newKeySet();

  /** Another store on the one database of a test. */
  abstract PeerStore open() throws Exception;

  /** Makes the database write down the changes from now on. */
  abstract void watch() throws Exception;

  abstract List<Change> changes() throws Exception;

  @Test
  void changesNoKeyAgainstTheRule() throws Exception {
    List<PeerStore> nodes = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      nodes.add(open());
    }
    watch();
    List<Future<?>> entities = new ArrayList<>();
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      for (int i = 0; i < NODES * ENTITIES; i++) {
        PeerStore node = nodes.get(i % NODES);
        Random random = new Random(i);
        entities.add(threads.submit((Callable<?>) () -> live(node, random)));
      }
      for (Future<?> entity : entities) {
        entity.get(60, TimeUnit.SECONDS);
      }
    }
    nodes.forEach(PeerStore::close);

    Map<PeerId, PeerRow> stored = new HashMap<>();
    List<Change> changes = changes();
    assertThat(changes).hasSizeGreaterThan(REQUESTS / 4).allSatisfy(step -> check(step, stored));
    assertThat(changes).extracting(Change::after).containsAll(acknowledged);
  }

  /** Asks for this and that, and sometimes looks up what is stored. */
  private @Nullable Void live(PeerStore node, Random random) throws Exception {
    Map<PeerId, Optional<PeerRow>> memory = new HashMap<>();
    for (int i = 0; i < REQUESTS; i++) {
      PeerRow claim = claim(random);
      try {
        ask(node, claim, memory, random);
      } catch (ExecutionException e) {
        // So many on five ids may wait too long for each other; then nothing was stored.
        if (!isOfALock(e)) {
          throw e;
        }
        memory.remove(claim.id());
      }
    }
    return null;
  }

  private void ask(
      PeerStore node, PeerRow claim, Map<PeerId, Optional<PeerRow>> memory, Random random)
      throws Exception {
    if (random.nextInt(8) == 0) {
      Peers.rename(node, claim.id().value(), anyId(random).value(), device(random));
      return;
    }
    if (!memory.containsKey(claim.id()) || random.nextInt(10) == 0) {
      memory.put(claim.id(), Peers.find(node, claim.id().value()));
    }
    Optional<PeerRow> seen = memory.get(claim.id());
    if (isAllowed(seen, claim)) {
      Optional<PeerRow> held = Peers.save(node, claim, seen);
      memory.put(claim.id(), held);
      held.filter(claim::equals).ifPresent(acknowledged::add);
    }
  }

  private static boolean isOfALock(Throwable thrown) {
    return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause)
        .anyMatch(cause -> cause instanceof SQLException sql && "55P03".equals(sql.getSQLState()));
  }

  private static PeerRow claim(Random random) {
    String device = device(random);
    ByteString key = key(device + " key " + random.nextInt(2));
    return new PeerRow(anyId(random), uuid(device), key, "192.0.2." + random.nextInt(2));
  }

  private static PeerId anyId(Random random) {
    return new PeerId("peer-id-" + random.nextInt(5));
  }

  private static String device(Random random) {
    return "device " + random.nextInt(3);
  }

  private static boolean isAllowed(Optional<PeerRow> stored, PeerRow claim) {
    RegisterPk request =
        RegisterPk.newBuilder()
            .setId(claim.id().value())
            .setUuid(claim.uuid())
            .setPk(claim.key())
            .build();
    return KeyPolicy.judge(
            stored.map(row -> new Known(row.uuid(), row.key(), row.ip())), request, claim.ip())
        instanceof Verdict.Accepted;
  }

  private static void check(Change change, Map<PeerId, PeerRow> stored) {
    PeerRow before = change.before;
    PeerRow after = change.after;
    if (before != null) {
      assertThat(stored.remove(before.id())).isEqualTo(before);
    }
    if (after != null && before != null && !before.id().equals(after.id())) {
      assertThat(after.uuid()).isEqualTo(before.uuid());
      assertThat(after.key()).isEqualTo(before.key());
    } else if (after != null) {
      assertThat(isAllowed(Optional.ofNullable(before), after)).isTrue();
    }
    if (after != null) {
      assertThat(stored.put(after.id(), after)).isNull();
    }
  }
}
