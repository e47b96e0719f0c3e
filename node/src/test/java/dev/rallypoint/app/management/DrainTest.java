package dev.rallypoint.app.management;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rallypoint.app.Shell;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestCluster;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A drain that an operator begins and ends, by HTTP and by the commands, at one of two nodes. */
class DrainTest {
  @TempDir static Path folder;
  private static TestCluster cluster;

  @TempDir Path shellFolder;

  @BeforeAll
  static void start() {
    cluster = TestCluster.of(2, folder, TestSettings::management);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @AfterEach
  void takeBack() throws Exception {
    ask(node(), "DELETE", "/v1/drain");
    ask(cluster.node(2), "DELETE", "/v1/drain");
  }

  private static TestNode node() {
    return cluster.node(1);
  }

  private static Path data(TestNode node) {
    try (var files = Files.walk(folder)) {
      return files
          .filter(file -> file.endsWith(Path.of(node.ip(), "management-token")))
          .findFirst()
          .orElseThrow()
          .getParent();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static HttpResponse<String> ask(TestNode node, String method, String path)
      throws Exception {
    return ask(node, data(node), method, path);
  }

  private static HttpResponse<String> ask(TestNode node, Path data, String method, String path)
      throws Exception {
    String token = Files.readString(data.resolve("management-token")).strip();
    URI uri = URI.create("http://" + node.ip() + ":" + (node.port() + 5) + path);
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(uri)
              .header("Authorization", "Bearer " + token)
              .method(method, BodyPublishers.noBody())
              .build(),
          BodyHandlers.ofString());
    }
  }

  private static JsonNode drain(String method) throws Exception {
    HttpResponse<String> answer = ask(node(), method, "/v1/drain");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new ObjectMapper().readTree(answer.body());
  }

  private static int readiness() throws Exception {
    return ask(node(), "GET", "/readyz").statusCode();
  }

  private static RendezvousMessage leg(String uuid, String id) {
    return RendezvousMessage.newBuilder()
        .setRequestRelay(
            RequestRelay.newBuilder()
                .setUuid(uuid)
                .setId(id)
                .setLicenceKey(TestNode.KEYS.publicKey().text()))
        .build();
  }

  private static void begin(TcpClient a, TcpClient b, String uuid) {
    a.send(leg(uuid, "b"));
    b.send(leg(uuid, ""));
    exchange(a, b);
  }

  private static void exchange(TcpClient from, TcpClient to) {
    from.sendFrame("text".getBytes(US_ASCII));
    assertThat(to.receiveFrame()).asString().isEqualTo("text");
  }

  private void awaitOthers() {
    // Relays tell each other every two seconds that they are there.
    await().untilAsserted(() -> assertThat(drain("POST").path("draining").asBoolean()).isTrue());
  }

  @Test
  void isNotReadyAndKeepsItsSessionsAndPeersUntilItIsTakenBack() throws Exception {
    try (UdpClient peer = node().udp().registered("123456711");
        TcpClient a = node().relay();
        TcpClient b = cluster.node(2).relay()) {
      begin(a, b, "before-the-drain");
      assertThat(drain("GET").path("draining").asBoolean()).isFalse();
      awaitOthers();

      JsonNode left = drain("GET");
      assertThat(left.path("since").asText()).contains("T");
      assertThat(left.path("drained").asBoolean()).isFalse();
      assertThat(left.path("relay_sessions").asInt()).isOne();
      assertThat(left.path("peers_at_home").asInt()).isOne();
      assertThat(readiness()).isEqualTo(503);
      assertThat(peer.beat("123456711")).isFalse();
      exchange(b, a);

      assertThat(drain("DELETE").path("draining").asBoolean()).isFalse();
      await().untilAsserted(() -> assertThat(readiness()).isEqualTo(200));
      exchange(a, b);
    }
  }

  @Test
  void isRefusedWhileTheOtherNodeDrains() throws Exception {
    awaitOthers();
    await()
        .untilAsserted(() -> {
          HttpResponse<String> answer = ask(cluster.node(2), "POST", "/v1/drain");
          assertThat(answer.statusCode()).isEqualTo(409);
          assertThat(answer.body()).contains("every other relay drains");
        });
  }

  @Test
  void staysAtOneNodeOfTwoThatWereToldAtTheSameMoment() throws Exception {
    await()
        .until(() -> {
          cluster.isolate(2); // so that neither hears of the other's in time
          int first = ask(node(), "POST", "/v1/drain").statusCode();
          int second = ask(cluster.node(2), "POST", "/v1/drain").statusCode();
          boolean doBothDrain = first == 200 && second == 200;
          if (!doBothDrain) {
            takeBack();
          }
          cluster.heal();
          return doBothDrain;
        });

    await().until(() -> isDraining(node()) != isDraining(cluster.node(2)));
  }

  private static boolean isDraining(TestNode node) throws Exception {
    return ask(node, "GET", "/v1/drain").body().contains("\"draining\":true");
  }

  @Test
  void isRefusedAtTheOnlyNode() throws Exception {
    Path data = shellFolder.resolve("alone");
    try (TestNode alone = TestNode.start(TestSettings.in(data).management())) {
      HttpResponse<String> answer = ask(alone, data, "POST", "/v1/drain");
      assertThat(answer.statusCode()).isEqualTo(409);
      assertThat(answer.body()).contains("no other node with the role rendezvous is up");
      assertThat(ask(alone, data, "GET", "/readyz").statusCode()).isEqualTo(200);
    }
  }

  private Shell shell() {
    return new Shell(shellFolder);
  }

  private static int run(Shell shell, String... words) {
    String port = String.valueOf(node().port() + 5);
    String[] flags = {
      "--data", data(node()).toString(), "--set", "management-port=" + port, "--bind", node().ip()
    };
    String[] all = new String[words.length + flags.length];
    System.arraycopy(words, 0, all, 0, words.length);
    System.arraycopy(flags, 0, all, words.length, flags.length);
    return shell.run(all);
  }

  @Test
  void isBegunShownAndTakenBackByCommands() throws Exception {
    awaitOthers();
    Shell drained = shell();
    assertThat(run(drained, "drain")).as(drained.err()).isZero();
    assertThat(drained.out())
        .contains("the node drains since 20", "relay sessions: 0", "peers at home:  ", "links: ");
    Shell json = shell();
    assertThat(run(json, "drain", "--json")).isZero();
    assertThat(json.out()).contains("\"draining\" : true", "\"relay_sessions\" : 0");

    Shell back = shell();
    assertThat(run(back, "undrain")).isZero();
    assertThat(back.out()).isEqualToIgnoringNewLines("the node takes clients");
    assertThat(drain("GET").path("draining").asBoolean()).isFalse();
  }

  @Test
  void isWaitedForByTheCommandUntilNoSessionIsLeftOrTheTimeIsOver() throws Exception {
    try (TcpClient a = node().relay();
        TcpClient b = node().relay()) {
      begin(a, b, "is-waited-for");
      awaitOthers();
      Shell shell = shell();
      assertThat(run(shell, "drain", "--wait", "1s")).isEqualTo(3);
      assertThat(shell.out()).contains("1 relay sessions left", "relay sessions: 1");
      exchange(a, b);
    }
    Shell shell = shell();
    assertThat(run(shell, "drain", "--wait")).isZero();
    assertThat(shell.out()).contains("relay sessions: 0; the node can be stopped now");
  }

  @Test
  void isNotBegunByACommandThatReachesNoNodeOrHasAWrongTime() {
    Shell shell = shell();
    assertThat(run(shell, "drain", "--wait", "soon")).isEqualTo(2);
    assertThat(shell.err()).contains("--wait = soon: write a time such as 90s, 30m or 2h");
    Shell elsewhere = shell();
    assertThat(
            elsewhere.run("drain", "--data", data(node()).toString(), "--set", "management-port=1"))
        .isEqualTo(1);
    assertThat(elsewhere.err()).contains("nothing listens at").doesNotContain("unexpected fault");
  }

  @Test
  void isOverWhenNoOtherNodeIsLeft() throws Exception {
    try (TestCluster two =
        TestCluster.of(2, shellFolder.resolve("two"), TestSettings::management)) {
      TestNode drained = two.node(1);
      Path data;
      try (var files = Files.walk(shellFolder.resolve("two"))) {
        data =
            files
                .filter(file -> file.endsWith(Path.of(drained.ip(), "management-token")))
                .findFirst()
                .orElseThrow()
                .getParent();
      }
      await()
          .untilAsserted(() ->
              assertThat(ask(drained, data, "POST", "/v1/drain").statusCode()).isEqualTo(200));

      two.kill(2);

      await()
          .untilAsserted(() ->
              assertThat(ask(drained, data, "GET", "/v1/drain").body())
                  .contains("\"draining\":false"));
    }
  }
}
