package dev.rallypoint.loadtest.gatling.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rallypoint.loadtest.environment.EnvironmentException;
import dev.rallypoint.loadtest.gatling.capacity.CapacityRun.Pace;
import dev.rallypoint.loadtest.gatling.capacity.RateLimits.Verdict;
import dev.rallypoint.loadtest.gatling.link.ClientSettings;
import dev.rallypoint.loadtest.gatling.link.Reason;
import dev.rallypoint.loadtest.gatling.link.ServerAddress;
import dev.rallypoint.loadtest.gatling.link.SourceAddresses;
import dev.rallypoint.loadtest.gatling.scripted.ScriptedServer;
import dev.rallypoint.loadtest.gatling.scripted.ScriptedServer.Faults;
import dev.rallypoint.loadtest.peer.settings.ClientVersion;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Steps against a server that is as it should be, and against broken ones. */
class StepRunnerTest {
  private static final Duration TIMEOUT = Duration.ofMillis(500);
  private static final int PEERS = 50;
  private static final int RATE = 500;

  private interface Making {
    Traffic of(Clients clients) throws InterruptedException;
  }

  private static Clients clients(int port, String key) {
    return new Clients(
        new ClientSettings(
            List.of(new ServerAddress(InetAddress.getLoopbackAddress(), port, port + 1)),
            key,
            SourceAddresses.from("127.61.0.1", 200),
            ClientVersion.NEWEST,
            TIMEOUT,
            true,
            false,
            0),
        2);
  }

  private static Measured run(Faults faults, Making making)
      throws IOException, InterruptedException {
    try (ScriptedServer server = new ScriptedServer(faults);
        Clients clients = clients(server.port(), server.key());
        Traffic traffic = making.of(clients)) {
      GivenServer given = new GivenServer("scripted", clients.settings().server(0), server.key());
      return new StepRunner(
              clients, given, new Pace(Duration.ofMillis(100), Duration.ofMillis(400)))
          .run(traffic, RATE);
    }
  }

  private static Verdict verdict(Measured measured, Duration p99) {
    return new RateLimits(p99, 0.01).judge(measured);
  }

  @Test
  void countsEachRequestThatIsDueAfterTheWarmUp() throws Exception {
    Measured measured = run(Faults.NONE, clients -> new HeartbeatTraffic(clients, "step-", PEERS));

    assertThat(measured.requests().ok()).isEqualTo(RATE * 4 / 10);
    assertThat(measured.requests().ko()).isZero();
    assertThat(measured.lateSends().getTotalCount()).isEqualTo(RATE * 4 / 10);
    assertThat(measured.generatorCores()).isPositive();
  }

  @Test
  void registersEachIdOnce() throws Exception {
    Measured measured = run(Faults.NONE, clients -> new RegistrationTraffic(clients, "step-"));

    assertThat(measured.requests().ok()).isEqualTo(RATE * 4 / 10);
    assertThat(measured.requests().ko()).isZero();
  }

  @Test
  void punchesFromRequesterToTargetAndBack() throws Exception {
    Measured measured = run(Faults.NONE, clients -> new PunchTraffic(clients, "step-", PEERS));

    assertThat(measured.requests().reasons()).isEmpty();
    assertThat(measured.requests().ok()).isEqualTo(RATE * 4 / 10);
  }

  @Test
  void seesAnswersThatAreDropped() throws Exception {
    Measured measured =
        run(new Faults(20, 0, false), clients -> new HeartbeatTraffic(clients, "step-", PEERS));

    assertThat(measured.requests().reasons()).containsOnlyKeys(Reason.NO_ANSWER.text());
    assertThat(verdict(measured, Duration.ofSeconds(9))).isEqualTo(Verdict.LOST);
  }

  @Test
  void seesAnswersThatAreLate() throws Exception {
    Measured measured =
        run(new Faults(0, 90, false), clients -> new HeartbeatTraffic(clients, "step-", PEERS));

    assertThat(measured.requests().percentile(1)).isGreaterThanOrEqualTo(90_000);
    assertThat(verdict(measured, Duration.ofMillis(80))).isNotEqualTo(Verdict.HELD);
  }

  @Test
  void aHeartbeatThatFindsNoIdlePeerHasFailed() throws Exception {
    Measured measured =
        run(new Faults(0, 200, false), clients -> new HeartbeatTraffic(clients, "step-", 4));

    assertThat(measured.requests().reasons()).containsOnlyKeys("all peers wait for an answer");
  }

  @Test
  void seesKeysThatAreNotSignedByTheServer() throws Exception {
    Measured measured =
        run(new Faults(0, 0, true), clients -> new PunchTraffic(clients, "step-", PEERS));

    assertThat(measured.requests().reasons()).containsOnlyKeys(Reason.WRONG_PEER_KEY.text());
    assertThat(verdict(measured, Duration.ofSeconds(9))).isEqualTo(Verdict.LOST);
  }

  @Test
  void sendsNothingToAServerThatRegistersNobody() throws Exception {
    try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Clients clients = clients(silent.getLocalPort(), "")) {
      assertThatThrownBy(() -> new HeartbeatTraffic(clients, "step-", 3))
          .isInstanceOf(EnvironmentException.class)
          .hasMessage("cannot register 3 peers: " + Reason.NO_ANSWER.text());
    }
  }
}
