package dev.rallypoint.clustering;

import static java.time.Duration.ofSeconds;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.clustering.KeyHistory.Entry;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.testing.TestCluster;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose is an id, while nodes are cut off and end? */
class KeyHistoryTest {
  private static final int FIGHTERS = 2;
  @TempDir Path data;

  /** That a node told a device that an id is its. */
  private record Acknowledged(String id, String uuid) {}

  @Test
  void givesNoIdToTwoDevicesWhileANodeIsLost() throws SQLException {
    int victim = ThreadLocalRandom.current().nextInt(1, 4);
    boolean isKilled = ThreadLocalRandom.current().nextBoolean();
    String fault = "node " + victim + (isKilled ? " was killed" : " was cut off");
    Queue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();
    AtomicBoolean over = new AtomicBoolean();
    try (TestCluster cluster = TestCluster.of(3, data, KeyHistoryTest::withoutLimits)) {
      KeyHistory history = KeyHistory.in(cluster.database());
      try (ExecutorService devices = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int node = 1; node <= 3; node++) {
          for (int fighter = 0; fighter < FIGHTERS; fighter++) {
            TestNode at = cluster.node(node);
            String uuid = "device " + node + "-" + fighter;
            int key = node * 10 + fighter;
            devices.execute(() -> fight(at, uuid, key, over, acknowledged));
          }
        }
        try {
          loseANode(cluster, victim, isKilled, acknowledged);
        } finally {
          over.set(true); // else its devices would be waited for
        }
      }
      Map<String, Set<String>> owners =
          acknowledged.stream()
              .collect(groupingBy(Acknowledged::id, mapping(Acknowledged::uuid, toSet())));
      Map<String, Set<Entry>> rows =
          history.entries().stream().collect(groupingBy(Entry::id, toSet()));
      assertThat(owners).as(fault).allSatisfy((id, of) -> assertThat(of).hasSize(1));
      assertThat(rows).as(fault).allSatisfy((id, of) -> assertThat(of).hasSize(1));
      assertThat(rows).containsKeys(owners.keySet().toArray(String[]::new));
    }
  }

  private static TestSettings withoutLimits(TestSettings settings) {
    return settings.registrationsPerAddress(1_000_000).newIdsPerAddress(1_000_000);
  }

  private static void loseANode(
      TestCluster cluster, int victim, boolean isKilled, Queue<Acknowledged> acknowledged) {
    await().atMost(ofSeconds(60)).until(() -> acknowledged.size() > 20);
    if (isKilled) {
      cluster.kill(victim);
    } else {
      cluster.isolate(victim);
      await().atMost(ofSeconds(60)).until(() -> !cluster.isRunning(victim));
      cluster.heal();
    }
    int living = victim == 1 ? 2 : 1;
    await().atMost(ofSeconds(60)).until(() -> cluster.membersSeenBy(living) == 2);
    int before = acknowledged.size();
    await().atMost(ofSeconds(60)).until(() -> acknowledged.size() > before + 10);
  }

  /** All devices want the same ids at about the same time, one after the other. */
  private static void fight(
      TestNode node, String uuid, int key, AtomicBoolean over, Queue<Acknowledged> acknowledged) {
    while (!over.get()) {
      String id = "contested-" + System.nanoTime() / 200_000_000L;
      try (UdpClient socket = node.udp()) { // a late answer must not be taken for the next id's
        socket
            .send(UdpClient.claimOf(id, uuid, key))
            .receiveWithin(1_000)
            .filter(RendezvousMessage::hasRegisterPkResponse)
            .filter(answer -> answer.getRegisterPkResponse().getResult() == Result.OK)
            .ifPresent(answer -> acknowledged.add(new Acknowledged(id, uuid)));
        socket.receiveWithin(20);
      }
    }
  }
}
