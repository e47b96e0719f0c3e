package dev.rallypoint.bootstrap;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rallypoint.config.SettingException;
import dev.rallypoint.store.SharedDatabase;
import dev.rallypoint.testing.TestPostgres;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.HandleCallback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes that find each other in the shared database. */
class DatabaseJoinTest {
  private static final String HERE = "127.0.0.1";

  private final String url = TestPostgres.database();
  private final List<BareNode> nodes = new ArrayList<>();

  @AfterEach
  void end() {
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      nodes.forEach(node -> threads.execute(node::kill));
    }
  }

  /** Starts nodes at the same instant. */
  private List<BareNode> together(int count, IntFunction<BareNode> start) {
    try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
      List<CompletableFuture<BareNode>> starting =
          IntStream.range(0, count)
              .mapToObj(i -> CompletableFuture.supplyAsync(() -> start.apply(i), threads))
              .toList();
      List<BareNode> started = starting.stream().map(CompletableFuture::join).toList();
      nodes.addAll(started);
      return started;
    }
  }

  private static void assertAreOneCluster(List<BareNode> nodes) {
    await()
        .atMost(ofSeconds(60))
        .untilAsserted(() ->
            assertThat(nodes).allSatisfy(node -> assertThat(node.members()).hasSize(nodes.size())));
    Set<List<String>> views = nodes.stream().map(BareNode::members).collect(Collectors.toSet());
    assertThat(views).hasSize(1);
  }

  private BareNode start() {
    BareNode node = BareNode.start(url, HERE, 0);
    nodes.add(node);
    return node;
  }

  private BareNode startImpatient() {
    BareNode node = BareNode.startImpatient(url, BareNode.settings("rallypoint", HERE, 0));
    nodes.add(node);
    return node;
  }

  private <T> T ask(HandleCallback<T, RuntimeException> question) {
    try (SharedDatabase database = SharedDatabase.open(TestPostgres.settings(url))) {
      return database.jdbi().withHandle(question);
    }
  }

  private List<String> rows() {
    return ask(handle ->
        handle
            .createQuery("select address from cluster_member order by address")
            .mapTo(String.class)
            .list());
  }

  @Test
  void makesOneClusterOfTenNodesThatStartAtTheSameInstant() {
    assertAreOneCluster(together(10, i -> BareNode.start(url, HERE, 0)));
    assertThat(rows()).hasSize(10);
  }

  @Test
  void bringsTheWholeClusterBackAfterAPowerCut() {
    List<Integer> ports =
        together(4, i -> BareNode.start(url, HERE, 0)).stream().map(BareNode::port).toList();
    nodes.forEach(BareNode::kill);
    nodes.clear();
    // One machine stays away, and its row is in the way at first.
    assertAreOneCluster(together(3, i -> BareNode.start(url, HERE, ports.get(i))));
  }

  @Test
  void takesANodeInThatWasKilledAndStartedAgainAtOnceAtItsAddress() {
    List<BareNode> two = together(2, i -> BareNode.start(url, HERE, 0));
    assertAreOneCluster(two);
    BareNode killed = two.getFirst();
    int port = killed.port();
    nodes.remove(killed);
    killed.kill();
    nodes.add(BareNode.start(url, HERE, port));
    assertAreOneCluster(nodes);
  }

  @Test
  void forgetsANodeThatHasLeftOrWasLost() {
    List<BareNode> three = together(3, i -> BareNode.start(url, HERE, 0));
    assertAreOneCluster(three);
    three.get(0).close();
    nodes.remove(three.get(0));
    assertThat(rows()).hasSize(2);
    three.get(1).kill();
    nodes.remove(three.get(1));
    await().atMost(ofSeconds(60)).until(() -> rows().size() == 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "::1"})
  void joinsByNameAndByIpv6(String host) throws Exception {
    assumeTrue(InetAddress.getByName(host).isReachable(1_000));
    assertAreOneCluster(together(2, i -> BareNode.start(url, host, 0)));
  }

  @Test
  void refusesANodeWithAnotherClustersNameInTheSameDatabase() {
    start();
    assertThatThrownBy(() ->
            nodes.add(
                BareNode.start(
                    url, HERE, 0, ClusterIdentity.of("ralypoint", Optional.of("another"), "key"))))
        .isInstanceOf(SettingException.class)
        .hasMessage(
            "cluster-name = ralypoint: this database is that of the cluster rallypoint; write that"
                + " name, or give this one a database of its own");
    assertThat(rows()).hasSize(1);
  }

  @Test
  void refusesANodeWithAnotherKeyPairAndNamesBoth() {
    start();
    assertThatThrownBy(() ->
            BareNode.start(
                url, HERE, 0, ClusterIdentity.of("rallypoint", Optional.of("another"), "key")))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("key = the pair of another: the node 127.0.0.1:")
        .hasMessageContaining("has the pair of key; give all nodes the same id_ed25519");
    assertThat(rows()).hasSize(1);
  }

  @Test
  void refusesANodeThatAsksClientsForAnotherKeyWithoutShowingIt() {
    start();
    assertThatThrownBy(() ->
            BareNode.start(
                url, HERE, 0, ClusterIdentity.of("rallypoint", Optional.of("key"), "sesame")))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("asks clients for the key with fingerprint")
        .hasMessageNotContaining("sesame");
  }

  /** Repeated, because the silent connection keeps the transport from stopping now and then. */
  @RepeatedTest(2)
  void beginsNoSecondClusterWhenALivingNodeCannotBeReached() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getByName(HERE))) {
      String address = HERE + ":" + silent.getLocalPort();
      // A node that is there by the database's word, for an hour from now.
      ask(handle ->
          handle.execute(
              "insert into cluster_member values ('rallypoint', ?, gen_random_uuid(), now(),"
                  + " now() + interval '1 hour')",
              address));
      assertThatThrownBy(this::startImpatient)
          .isInstanceOf(SettingException.class)
          .hasMessageStartingWith("cluster-host = 127.0.0.1:")
          .hasMessageContaining("the node " + address + " takes connections and does not answer");
      assertThat(rows()).containsExactly(address);
    }
  }

  @Test
  void endsANodeThatOthersTookForGoneWhenTheyBeganACluster() {
    BareNode old = start();
    ask(handle ->
        handle.execute(
            "update cluster_member set address = '127.0.0.1:1', incarnation = gen_random_uuid()"));
    await().atMost(ofSeconds(60)).until(() -> old.isEnding());
    assertThat(ClusterBootstrap.downReason(old.system()))
        .get()
        .asString()
        .contains("a cluster of their own");
  }

  @Test
  void refusesTheAddressOfALivingNodeAndLeavesThatOneAlone() {
    BareNode living = start();
    assertThatThrownBy(() -> nodes.add(BareNode.startAt(url, HERE, living.port(), "127.0.0.2")))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith(
            "cluster-host = 127.0.0.1:"
                + living.port()
                + ": another running node has this address");
    await().atMost(ofSeconds(60)).until(() -> rows().size() == 1);
    assertThat(living.system().getWhenTerminated().toCompletableFuture()).isNotDone();
  }

  @Test
  void endsANodeBesideALargerClusterOfItsName() {
    BareNode smaller = startImpatient();
    try (SharedDatabase database = SharedDatabase.open(TestPostgres.settings(url))) {
      List<MemberTable> others =
          IntStream.of(1, 2)
              .mapToObj(port ->
                  new MemberTable(
                      database.jdbi(),
                      "rallypoint",
                      HERE + ":" + port,
                      UUID.randomUUID(),
                      BareNode.QUICK.stale()))
              .toList();
      others.forEach(MemberTable::enter);
      await()
          .atMost(ofSeconds(60))
          .until(() -> {
            others.forEach(MemberTable::heartbeat);
            return smaller.isEnding();
          });
    }
    assertThat(ClusterBootstrap.downReason(smaller.system()))
        .get()
        .asString()
        .contains("a cluster of their own");
  }

  @Test
  void writesARowAgainThatIsLost() {
    start();
    ask(handle -> handle.execute("delete from cluster_member"));
    await().atMost(ofSeconds(60)).until(() -> rows().size() == 1);
    assertThat(nodes.getFirst().members()).hasSize(1);
  }

  @Test
  void saysInOneLineThatThePortIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName(HERE))) {
      assertThatThrownBy(() -> BareNode.start(url, HERE, taken.getLocalPort()))
          .isInstanceOf(SettingException.class)
          .hasMessageStartingWith(
              "cluster-port = " + taken.getLocalPort() + ": it cannot be bound");
    }
  }
}
