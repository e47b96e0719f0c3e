package dev.rallypoint.proxies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.testing.TestCertificate;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import dev.rallypoint.testing.WsClient;
import java.net.URI;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docker/proxies/nginx.conf} in front of a node, played with the real nginx. */
class NginxIT {
  @TempDir static Path folder;
  private static TestNode node;
  private static RealProxy nginx;
  private static int port;

  @BeforeAll
  static void start() throws Exception {
    Path program = RealProxy.program("nginx");
    node =
        TestNode.start(TestSettings.in(folder.resolve("data")).proxies("127.0.0.1").apiPort(true));
    port = RealProxy.freePorts(1).getFirst();
    TestCertificate.of("rallypoint.example.org", "EC").writeTo(folder);
    Path file = folder.resolve("nginx.conf");
    Files.writeString(
        file,
        RealProxy.with(
            RealProxy.example("nginx.conf"),
            Map.of(
                "http {",
                "http { client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f;"
                    + " uwsgi_temp_path u; scgi_temp_path s;",
                "listen 443 ssl;",
                "listen 127.0.0.1:" + port + " ssl;",
                "listen [::]:443 ssl;",
                "",
                "/etc/nginx/tls/fullchain.pem",
                folder.resolve("chain.pem").toString(),
                "/etc/nginx/tls/privkey.pem",
                folder.resolve("key.pem").toString(),
                "127.0.0.1:21114",
                "127.0.0.1:" + (node.port() - 2),
                "127.0.0.1:21118",
                "127.0.0.1:" + (node.port() + 2),
                "127.0.0.1:21119",
                "127.0.0.1:" + (node.port() + 3))));
    nginx =
        RealProxy.start(
            folder,
            Map.of(),
            port,
            program.toString(),
            "-p",
            folder.toString(),
            "-c",
            file.toString(),
            "-e",
            "stderr",
            "-g",
            "daemon off; pid nginx.pid;");
  }

  @AfterAll
  static void stop() {
    if (nginx != null) {
      nginx.close();
    }
    if (node != null) {
      node.close();
    }
  }

  private static WsClient client(String from, String path, Map<String, String> headers) {
    return new WsClient(URI.create("wss://127.0.0.1:" + port + path), from, headers);
  }

  private static PeerAddress heard(String id, String from, Map<String, String> headers) {
    try (UdpClient target = node.udp().registered(id);
        WsClient requester = client(from, "/ws/id", headers)) {
      requester.send(Asking.punch(id));
      return Asking.heardBy(target);
    }
  }

  @Test
  void letsTheNodeSeeTheClientsTrueIp() {
    PeerAddress heard = heard("123456601", "127.0.0.2", Map.of());
    assertThat(heard.ip()).isEqualTo("127.0.0.2");
    assertThat(heard.port()).isNotZero();
  }

  @Test
  void doesNotLetAClientForgeItsIp() {
    Map<String, String> forged =
        Map.of(
            "X-Forwarded-For", "203.0.113.7",
            "X-Real-IP", "203.0.113.7",
            "Forwarded", "for=203.0.113.7");
    assertThat(heard("123456602", "127.0.0.2", forged).ip()).isEqualTo("127.0.0.2");
  }

  @Test
  void changesNothingForWhoForgesHeadersWithoutNginx() {
    long before = node.counters().of(Event.FORWARDING_IGNORED);
    URI straight = URI.create("ws://127.0.0.1:" + (node.port() + 2) + "/ws/id");
    try (UdpClient target = node.udp().registered("123456603");
        WsClient requester =
            new WsClient(straight, "127.0.0.3", Map.of("X-Real-IP", "203.0.113.7"))) {
      requester.send(Asking.punch("123456603"));
      assertThat(Asking.heardBy(target).ip()).isEqualTo("127.0.0.3");
    }
    assertThat(node.counters().of(Event.FORWARDING_IGNORED)).isEqualTo(before + 1);
  }

  @Test
  void givesTwoClientsOfOneIpTwoAddresses() {
    try (UdpClient target = node.udp().registered("123456604");
        WsClient first = client("127.0.0.2", "/ws/id", Map.of());
        WsClient second = client("127.0.0.2", "/ws/id", Map.of())) {
      PeerAddress one = asked(first, target);
      PeerAddress two = asked(second, target);
      assertThat(List.of(one, two)).allMatch(address -> address.ip().equals("127.0.0.2"));
      assertThat(one).isNotEqualTo(two);
    }
  }

  private static PeerAddress asked(WsClient requester, UdpClient target) {
    requester.send(Asking.punch("123456604"));
    return Asking.heardBy(target);
  }

  @Test
  void carriesARegistrationAndACallToIt() {
    try (WsClient target = client("127.0.0.2", "/ws/id", Map.of());
        WsClient requester = client("127.0.0.4", "/ws/id", Map.of())) {
      target.send(UdpClient.claimOf("123456605", "a uuid", 7));
      assertThat(target.receive().getRegisterPkResponse().getResult()).isEqualTo(Result.OK);
      requester.send(Asking.punch("123456605"));
      assertThat(target.receive().hasPunchHole()).isTrue();
    }
  }

  @Test
  void carriesTenMegabytesEachWayThroughTheRelay() {
    byte[] chunk = new byte[64 * 1024];
    new Random(5).nextBytes(chunk);
    try (WsClient a = client("127.0.0.2", "/ws/relay", Map.of());
        WsClient b = client("127.0.0.4", "/ws/relay", Map.of())) {
      a.send(Asking.leg("nginx", "b"));
      b.send(Asking.leg("nginx", ""));
      for (int i = 0; i < 160; i++) {
        chunk[0] = (byte) i;
        a.sendFrame(chunk);
        assertThat(b.receiveFrame()).isEqualTo(chunk);
        b.sendFrame(chunk);
        assertThat(a.receiveFrame()).isEqualTo(chunk);
      }
    }
  }

  @Test
  void handsOtherRequestsToTheApiWhichTheNodeAnswers() {
    long before = node.counters().of(Event.API_REQUESTS);
    assertThatThrownBy(() -> client("127.0.0.2", "/", Map.of()))
        .cause()
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            refusal -> assertThat(refusal.getResponse().statusCode()).isEqualTo(404));
    assertThat(node.counters().of(Event.API_REQUESTS)).isEqualTo(before + 1);
  }
}
