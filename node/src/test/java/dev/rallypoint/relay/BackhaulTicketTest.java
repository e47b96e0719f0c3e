package dev.rallypoint.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.relay.backhaul.Backhaul;
import dev.rallypoint.relay.session.BackhaulAddress;
import dev.rallypoint.relay.session.Ticket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the Backhaul's port makes of those who have no business there. */
class BackhaulTicketTest {
  @TempDir private static Path data;
  private static RelayCluster cluster;

  @BeforeAll
  static void start() {
    cluster = RelayCluster.of(2, data);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static RelayClient knock() throws IOException {
    BackhaulAddress address = cluster.node(1).server().backhaulAddress();
    return RelayClient.connect(new InetSocketAddress(address.host(), address.port()));
  }

  private static byte[] random(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @Test
  void closesAnUnknownTicketAndCountsIt() throws Exception {
    long before = cluster.node(1).counters().of(DropReason.BACKHAUL_TICKET);
    try (RelayClient stranger = knock().send(random(1, Ticket.SIZE))) {
      assertThat(stranger.isClosed()).isTrue();
    }
    assertThat(cluster.node(1).counters().of(DropReason.BACKHAUL_TICKET)).isEqualTo(before + 1);
  }

  @Test
  void closesHalfATicketAndCountsIt() throws Exception {
    long before = cluster.node(1).counters().of(DropReason.BACKHAUL_SILENT);
    try (RelayClient silent = knock();
        RelayClient half = knock().send(random(2, Ticket.SIZE / 2))) {
      assertThat(half.isClosed()).isTrue();
      assertThat(silent.isClosed()).isTrue();
    }
    assertThat(cluster.node(1).counters().of(DropReason.BACKHAUL_SILENT)).isEqualTo(before + 2);
  }

  @Test
  void holdsOnlySoManyThatHaveNoTicketAndThenServesAgain() throws Exception {
    long before = cluster.node(1).counters().of(DropReason.BACKHAUL_LIMIT);
    List<RelayClient> crowd = new ArrayList<>();
    for (int i = 0; i < Backhaul.MAX_PENDING + 10; i++) {
      crowd.add(knock());
    }
    await().until(() -> cluster.node(1).counters().of(DropReason.BACKHAUL_LIMIT) == before + 10);
    for (RelayClient client : crowd) {
      client.close();
    }
    await().until(() -> relays("after-the-crowd-" + System.nanoTime()));
  }

  private static boolean relays(String uuid) throws IOException {
    try (RelayClient a = cluster.node(1).sideA(uuid);
        RelayClient b = cluster.node(2).sideB(uuid).send("x")) {
      return a.read() == 'x';
    } catch (IOException e) {
      return false;
    }
  }
}
