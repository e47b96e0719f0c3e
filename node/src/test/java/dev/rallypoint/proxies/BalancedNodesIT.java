package dev.rallypoint.proxies;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rallypoint.metrics.Event;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestCluster;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.UdpClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two nodes, and one that is not there, behind HAProxy and behind nginx with the files of {@code
 * docker/proxies}. UDP and the death of nodes are in {@code loadtest balancers}.
 */
class BalancedNodesIT {
  private static final int PORTS = 5;

  @TempDir static Path folder;
  private static TestCluster nodes;

  @BeforeAll
  static void start() {
    RealProxy.program("haproxy");
    nodes =
        TestCluster.of(
            2,
            folder.resolve("nodes"),
            settings -> settings.management().proxiesWithHeader("127.0.0.1"));
  }

  @AfterAll
  static void stop() {
    if (nodes != null) {
      nodes.close();
    }
  }

  /** A balancer with its ports in the order of the nodes': NAT test, ID server, relay, two more. */
  private record Front(RealProxy program, List<Integer> ports) implements AutoCloseable {
    TcpClient idServer(String from) {
      return TcpClient.from(from, ports.get(1));
    }

    TcpClient relay(String from) {
      return TcpClient.from(from, ports.get(2));
    }

    @Override
    public void close() {
      program.close();
    }
  }

  private static String absent() {
    String ip = nodes.node(1).ip();
    return ip.substring(0, ip.lastIndexOf('.') + 1) + "3";
  }

  private static Front haproxy() throws Exception {
    List<Integer> ports = RealProxy.freePorts(PORTS);
    int port = nodes.node(1).port();
    Map<String, String> addresses =
        new HashMap<>(
            Map.of(
                "LISTEN", "127.0.0.1",
                "NODE_1", nodes.node(1).ip(),
                "NODE_2", nodes.node(2).ip(),
                "NODE_3", absent(),
                "MANAGEMENT_PORT", Integer.toString(port + 5)));
    List<String> names =
        List.of("NAT_TEST_PORT", "ID_PORT", "RELAY_PORT", "WS_PORT", "WS_RELAY_PORT");
    for (int i = 0; i < PORTS; i++) {
      addresses.put(names.get(i), Integer.toString(ports.get(i)));
      addresses.put("NODE_" + names.get(i), Integer.toString(port - 1 + i));
    }
    Path file = Path.of("..", "docker", "proxies", "haproxy-nodes.cfg");
    return new Front(
        RealProxy.start(
            folder,
            addresses,
            ports.get(2),
            RealProxy.program("haproxy").toString(),
            "-db",
            "-f",
            file.toString()),
        ports);
  }

  private static Front nginx() throws Exception {
    Path program = RealProxy.program("nginx");
    boolean isThere = Files.exists(Path.of("/usr/lib/nginx/modules/ngx_stream_module.so"));
    if (!"required".equals(System.getenv("RALLYPOINT_LAB"))) {
      assumeTrue(isThere, "nginx's stream module is not installed");
    }
    List<Integer> ports = RealProxy.freePorts(PORTS);
    int port = nodes.node(1).port();
    Map<String, String> changes = new HashMap<>();
    changes.put("listen 21116 udp reuseport;", "listen 127.0.0.1:" + ports.get(1) + " udp;");
    for (int i = 0; i < PORTS; i++) {
      int usual = 21_115 + i;
      changes.put("listen " + usual + ";", "listen 127.0.0.1:" + ports.get(i) + ";");
      changes.put("10.0.0.11:" + usual, nodes.node(1).ip() + ":" + (port - 1 + i));
      changes.put("10.0.0.12:" + usual, nodes.node(2).ip() + ":" + (port - 1 + i));
      changes.put("10.0.0.13:" + usual, absent() + ":" + (port - 1 + i));
    }
    Path file = folder.resolve("nginx-stream.conf");
    Files.writeString(file, RealProxy.with(RealProxy.example("nginx-stream.conf"), changes));
    return new Front(
        RealProxy.start(
            folder,
            Map.of(),
            ports.get(2),
            program.toString(),
            "-c",
            file.toString(),
            "-e",
            "stderr",
            "-g",
            "daemon off; pid " + folder.resolve("nginx-stream.pid") + ";"),
        ports);
  }

  private static void showTheTrueAddress(Front front, String id) {
    try (UdpClient target = nodes.node(1).udp().registered(id)) {
      for (int i = 0; i < 4; i++) {
        try (TcpClient requester = front.idServer("127.0.0.2").secured(nodes.node(1).key())) {
          requester.send(Asking.punch(id));
          assertThat(Asking.heardBy(target)).isEqualTo(requester.address());
        }
      }
    }
  }

  private static long connections() {
    return nodes.node(1).counters().of(Event.CONNECTIONS_PROXIED)
        + nodes.node(2).counters().of(Event.CONNECTIONS_PROXIED);
  }

  @Test
  void bothNodesSeeTheClientsTrueAddressBehindHaproxy() throws Exception {
    try (Front front = haproxy()) {
      showTheTrueAddress(front, "123456801");
    }
  }

  @Test
  void bothNodesSeeTheClientsTrueAddressBehindNginx() throws Exception {
    long before = connections();
    try (Front front = nginx()) {
      showTheTrueAddress(front, "123456802");
    }
    assertThat(connections()).isGreaterThanOrEqualTo(before + 4);
  }

  /** A relayed session, whose legs may be at two nodes. */
  private record Session(TcpClient a, TcpClient b) implements AutoCloseable {
    static Session of(Front front, String uuid) {
      TcpClient a = front.relay("127.0.0.2");
      TcpClient b = front.relay("127.0.0.3");
      a.send(Asking.leg(uuid, "b"));
      b.send(Asking.leg(uuid, ""));
      Session session = new Session(a, b);
      session.exchange();
      return session;
    }

    void exchange() {
      a.sendFrame("there".getBytes(US_ASCII));
      assertThat(b.receiveFrame()).asString().isEqualTo("there");
      b.sendFrame("back".getBytes(US_ASCII));
      assertThat(a.receiveFrame()).asString().isEqualTo("back");
    }

    @Override
    public void close() {
      a.close();
      b.close();
    }
  }

  private static String ask(String method) throws Exception {
    TestNode node = nodes.node(1);
    Path token;
    try (var files = Files.walk(folder.resolve("nodes"))) {
      token =
          files
              .filter(file -> file.endsWith(Path.of(node.ip(), "management-token")))
              .findFirst()
              .orElseThrow();
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(
                      URI.create("http://" + node.ip() + ":" + (node.port() + 5) + "/v1/drain"))
                  .header("Authorization", "Bearer " + Files.readString(token).strip())
                  .method(method, BodyPublishers.noBody())
                  .build(),
              BodyHandlers.ofString())
          .body();
    }
  }

  /** How many relay sessions node 1 has, by what it answers. */
  private static int sessions(String answer) {
    return Integer.parseInt(answer.replaceFirst("(?s).*\"relay_sessions\":(\\d+).*", "$1"));
  }

  @Test
  void haproxyLeavesANodeThatDrainsItsSessionsAndNothingNew() throws Exception {
    List<Session> before = new ArrayList<>();
    try (Front front = haproxy()) {
      for (int i = 0; i < 4; i++) {
        before.add(Session.of(front, "before-" + i));
      }
      // Relays tell each other every two seconds that they are there.
      int here =
          sessions(await().until(() -> ask("POST"), answer -> answer.contains("relay_sessions")));
      assertThat(here).isPositive();
      // HAProxy asks every 2 s, and believes the second refusal.
      await()
          .untilAsserted(() -> {
            List<Session> after = new ArrayList<>();
            try {
              for (int i = 0; i < 4; i++) {
                after.add(Session.of(front, "after-" + System.nanoTime()));
              }
              assertThat(sessions(ask("GET"))).isEqualTo(here);
            } finally {
              after.forEach(Session::close);
            }
          });

      before.forEach(Session::exchange);
      assertThat(ask("DELETE")).contains("\"draining\":false");
    } finally {
      before.forEach(Session::close);
    }
  }
}
