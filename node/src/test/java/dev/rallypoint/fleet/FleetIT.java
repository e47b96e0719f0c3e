package dev.rallypoint.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.loadtest.load.NodeBalancer;
import dev.rallypoint.loadtest.load.PeerGroup;
import dev.rallypoint.loadtest.load.SourceAddresses;
import dev.rallypoint.loadtest.peer.OnlineQueryResult;
import dev.rallypoint.loadtest.peer.PeerBuilder;
import dev.rallypoint.loadtest.peer.SimulatedPeer;
import dev.rallypoint.loadtest.peer.settings.Device;
import dev.rallypoint.loadtest.peer.settings.Transport;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many honest clients behind one address: none of them is refused. */
class FleetIT {
  private static final int FIRST_ID = 600_000_000;
  private static final int OFFICE = 300;
  private static final int FLEET = 5_000;
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration HEARTBEATS = Duration.ofSeconds(5);

  private final ExecutorService threads =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory());
  @TempDir Path data;

  @AfterEach
  void stopThreads() {
    threads.shutdownNow();
  }

  @Test
  void anOfficeOfThreeHundredRestartsTogether() throws IOException {
    try (TestNode node = TestNode.start(TestSettings.in(data))) {
      try (PeerGroup office = startPeers(node, OFFICE)) {
        awaitAllRegistered(office, OFFICE, 0);
      }

      try (PeerGroup restarted = startPeers(node, OFFICE)) {
        awaitAllRegistered(restarted, OFFICE, 0);

        assertThat(restarted.counts().results(Result.OK)).isEqualTo(OFFICE);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Transport.class,
      names = {"TCP", "WS"})
  void anOfficeOfThreeHundredOpensItsRegistrationLinksAgainTogether(Transport transport)
      throws Exception {
    List<Device> devices =
        IntStream.range(0, OFFICE).mapToObj(i -> Device.create(new SplittableRandom(i))).toList();
    try (TestNode node = TestNode.start(TestSettings.in(data))) {
      List<SimulatedPeer> office = startLinks(node, transport, devices);
      awaitRegistered(office);
      office.forEach(SimulatedPeer::close);

      List<SimulatedPeer> restarted = startLinks(node, transport, devices);
      awaitRegistered(restarted);

      assertThat(restarted).extracting(SimulatedPeer::id).containsExactlyElementsOf(ids(OFFICE));
      restarted.forEach(SimulatedPeer::close);
    }
  }

  @Test
  void aFleetBehindOneAddressComesBackAfterAnOutage() throws IOException {
    TestSettings rollout = settings().newIdsPerAddress(2 * FLEET);
    TestNode before = TestNode.start(rollout.registrationsPerAddress(100_000));
    int port = before.port();
    try (PeerGroup fleet = startPeers(before, FLEET)) {
      awaitAllRegistered(fleet, FLEET, 0);
      before.close();
      long ended = System.nanoTime();

      try (TestNode _ = TestNode.startAt(settings(), port)) {
        awaitAllRegistered(fleet, FLEET, ended);

        assertThat(fleet.counts().results(Result.TOO_FREQUENT)).isZero();
        assertThat(fleet.counts().results(Result.UUID_MISMATCH)).isZero();
      }
    }
  }

  @Test
  void aFleetBehindOneAddressIsTakenAtItsNewAddressAtOnce() throws IOException {
    TestSettings rollout = settings().newIdsPerAddress(2 * FLEET);
    TestNode before = TestNode.start(rollout.registrationsPerAddress(100_000));
    int port = before.port();
    try (PeerGroup fleet = startPeers(before, FLEET)) {
      awaitAllRegistered(fleet, FLEET, 0);
      before.close();

      try (TestNode _ = TestNode.startAt(settings(), port)) {
        long moved = System.nanoTime();
        fleet.changeAddresses(1);
        awaitAllRegistered(fleet, FLEET, moved);

        assertThat(fleet.counts().results(Result.TOO_FREQUENT)).isZero();
        assertThat(fleet.counts().results(Result.UUID_MISMATCH)).isZero();
      }
    }
  }

  @Test
  void newDevicesBehindOneAddressAreAllTakenAndKeepTheirIds() throws IOException {
    try (TestNode node = TestNode.start(settings());
        PeerGroup fleet = startPeers(node, FLEET)) {
      await().atMost(LONG).until(() -> fleet.counts().results(Result.OK) >= FLEET);

      assertThat(fleet.counts().results(Result.TOO_FREQUENT)).isZero();
      assertThat(fleet.counts().results(Result.UUID_MISMATCH)).isZero();
      assertThat(fleet.counts().results(Result.SERVER_ERROR)).isZero();
    }
  }

  @Test
  void addressBooksOfFiveThousandEntriesAreAnsweredWhole() throws Exception {
    List<String> book = ids(FLEET);
    try (TestNode node = TestNode.start(settings());
        SimulatedPeer listed = peer(node, book.get(4_321)).start()) {
      listed.awaitRegistered(LONG);

      List<OnlineQueryResult> answers = new ArrayList<>();
      for (int client = 0; client < 4; client++) {
        try (SimulatedPeer owner = peer(node, "49999999" + client).requesterOnly().start()) {
          answers.add(owner.queryOnline(book));
          answers.add(owner.queryOnline(book));
        }
      }

      assertThat(answers)
          .hasSize(8)
          .allSatisfy(answer -> assertThat(answer.online()).containsExactly(book.get(4_321)));
    }
  }

  private TestSettings settings() {
    return TestSettings.in(data);
  }

  /** Devices with one address, which all begin at once. */
  private PeerGroup startPeers(TestNode node, int count) throws IOException {
    PeerGroup group =
        new PeerGroup(
            FIRST_ID,
            SourceAddresses.onLoopback(count),
            new NodeBalancer(List.of(node.ip()), node.port()),
            1,
            HEARTBEATS,
            threads);
    group.addPeers(count, Duration.ZERO, new SplittableRandom());
    threads.execute(group::run);
    return group;
  }

  private static void awaitAllRegistered(PeerGroup group, int count, long since) {
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(group.acknowledgedSince(since)).isEqualTo(count));
  }

  private static List<SimulatedPeer> startLinks(
      TestNode node, Transport transport, List<Device> devices) throws IOException {
    List<SimulatedPeer> peers = new ArrayList<>();
    for (Device device : devices) {
      String id = String.valueOf(FIRST_ID + peers.size());
      peers.add(peer(node, id).device(device).transport(transport).start());
    }
    return peers;
  }

  private static void awaitRegistered(List<SimulatedPeer> peers) throws Exception {
    for (SimulatedPeer peer : peers) {
      peer.awaitRegistered(LONG);
    }
  }

  private static PeerBuilder peer(TestNode node, String id) {
    return SimulatedPeer.named(id).server(node.ip(), node.port()).key(node.key().text());
  }

  private static List<String> ids(int count) {
    return IntStream.range(FIRST_ID, FIRST_ID + count).mapToObj(String::valueOf).toList();
  }
}
