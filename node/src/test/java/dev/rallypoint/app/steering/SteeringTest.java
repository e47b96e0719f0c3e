package dev.rallypoint.app.steering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.app.Shell;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of operators against a running node. */
class SteeringTest {
  @TempDir static Path folder;
  private static TestNode node;

  private final Shell shell = new Shell(folder);

  @BeforeAll
  static void start() {
    node = TestNode.start(TestSettings.in(folder.resolve("data")).management());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private int run(String... command) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of("--data", folder.resolve("data").toString()));
    all.addAll(List.of("--set", "management-port=" + (node.port() + 5)));
    all.addAll(List.of("--set", "port=" + node.port()));
    return shell.run(all.toArray(String[]::new));
  }

  private void ask(String id, String key) {
    try (TcpClient requester = node.control().plain()) {
      requester.send(
          RendezvousMessage.newBuilder()
              .setPunchHoleRequest(
                  PunchHoleRequest.newBuilder().setId(id).setLicenceKey(key).setVersion("1.4.2"))
              .build());
      requester.receive();
    }
  }

  @Test
  void showsTheNodes() {
    assertThat(run("nodes")).as("%s", shell.err()).isZero();
    assertThat(shell.out()).contains("NODE", "up", "relay,rendezvous", " *");
    assertThat(shell.err()).isEmpty();
  }

  @Test
  void showsTheStatusAsJson() {
    assertThat(run("status", "--json")).as("%s", shell.err()).isZero();
    assertThat(shell.out()).contains("\"nodes\" : 1", "\"peers_stored\"", "\"bytes_per_second\"");
  }

  @Test
  void listsADeviceThatIsOnlineWithTheWayItCame() {
    try (UdpClient device = node.udp().registered("100000001")) {

      assertThat(run("peers", "100000001")).as("%s", shell.err()).isZero();
      assertThat(run("peers", "--online")).as("%s", shell.err()).isZero();
      assertThat(shell.out().lines().filter(line -> line.startsWith("100000001")))
          .hasSize(2)
          .allSatisfy(line -> assertThat(line).contains(" online ", "127.0.0.1:", " udp "));
    }
  }

  @Test
  void deletesNoIdWhoseDeviceIsOnlineAndReleasesIt() {
    try (UdpClient device = node.udp().registered("100000002")) {

      assertThat(run("peers", "100000002", "delete")).as("%s", shell.err()).isEqualTo(1);
      assertThat(shell.err()).contains("100000002 is online");
      assertThat(run("peers", "100000002", "release")).as("%s", shell.err()).isZero();
      assertThat(run("peers", "100000002")).as("%s", shell.err()).isEqualTo(1);
      assertThat(shell.err()).contains("nobody has the id 100000002");
    }
  }

  @Test
  void asksBeforeItDeletesWhatIsOld() {
    assertThat(run("peers", "--older", "90d", "delete")).as("%s", shell.err()).isZero();
    assertThat(shell.out()).contains("0 ids would be deleted; write --yes to do it");
  }

  private TcpClient leg(String uuid, boolean isControlling) {
    RequestRelay.Builder request =
        RequestRelay.newBuilder().setUuid(uuid).setLicenceKey(node.key().text());
    if (isControlling) {
      request.setId("100000005");
    }
    return node.relay().send(RendezvousMessage.newBuilder().setRequestRelay(request).build());
  }

  @Test
  void listsARelaySessionAndCutsIt() {
    try (TcpClient a = leg("a-session-to-cut", true);
        TcpClient b = leg("a-session-to-cut", false)) {
      a.sendFrame(new byte[100]);
      assertThat(b.receiveFrame()).hasSize(100);

      assertThat(run("sessions")).as("%s", shell.err()).isZero();
      assertThat(shell.out()).contains("a-session-to-cut", a.address().toString());
      assertThat(run("cut", "a-session-to-cut")).as("%s", shell.err()).isZero();
      assertThat(shell.out()).contains("ended on ");
      assertThat(a.receiveFrame()).isNull();
      assertThat(b.receiveFrame()).isNull();
      assertThat(node.counters().of(DropReason.RELAY_CUT)).isOne();
    }
  }

  @Test
  void cutsNoSessionThatThereIsNot() {
    assertThat(run("cut", "no-such-session")).as("%s", shell.err()).isEqualTo(1);
    assertThat(shell.err()).contains("no node has a relay session no-such-session");
  }

  @Test
  void explainsWhyAnIdThatNobodyHasCannotBeReached() {
    ask("100000003", node.key().text());

    assertThat(run("explain", "100000003", "--from", "127.0.0.1"))
        .as("%s", shell.err())
        .isEqualTo(1);
    assertThat(shell.out()).contains("punch unknown", "ID does not exist", "mend:", "1.4.2");
  }

  @Test
  void explainsThatTheRequestersKeyWasWrong() {
    try (UdpClient device = node.udp().registered("100000004")) {
      ask("100000004", "a wrong key");

      assertThat(run("explain", "100000004", "--from", "127.0.0.1")).as("%s", shell.err()).isZero();
      assertThat(shell.out()).contains("OK       online", "WARNING  key", "paste the key");
    }
  }

  @Test
  void showsTheScreenOnceWhereThereIsNoTerminal() {
    assertThat(run("top")).as("%s", shell.err()).isZero();
    assertThat(shell.out()).contains("1 node ", " - punches/s", "NODE", "UUID");
  }

  @Test
  void changesALimitAndGivesItBack() {
    assertThat(run("limits", "limit-speed", "7")).as("%s", shell.err()).isZero();
    assertThat(shell.out()).contains("limit-speed            7  (for all nodes, since ");
    assertThat(run("limits", "limit-speed", "none")).isEqualTo(1);
    assertThat(run("limits", "limit-speed", "reset")).isZero();
    assertThat(shell.out()).contains("(this node's own)");
    assertThat(run("limits", "no-such-limit", "1")).isEqualTo(1);
    assertThat(run("limits", "no-such-limit")).isEqualTo(2);
  }

  @Test
  void tellsThatNoNodeListensThere() {
    assertThat(shell.run("nodes", "--data", folder.resolve("data").toString(), "-c", "none"))
        .isEqualTo(2);
    assertThat(
            shell.run(
                "nodes",
                "--data",
                folder.resolve("data").toString(),
                "--set",
                "management-port=" + (node.port() + 4)))
        .isEqualTo(1);
    assertThat(shell.err()).contains("nothing listens at");
  }
}
