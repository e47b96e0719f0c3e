package dev.rallypoint.proxies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.testing.TestCertificate;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import dev.rallypoint.testing.WsClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** nginx set up as RustDesk's manual has users do it for hbbs, in front of a node. */
class ManualsNginxIT {
  private static final String FORM = "manual.conf";

  @TempDir static Path folder;
  private static TestNode node;
  private static RealProxy nginx;
  private static int plain;
  private static int secure;

  @BeforeAll
  static void start() throws Exception {
    Path program = RealProxy.program("nginx");
    node =
        TestNode.start(TestSettings.in(folder.resolve("data")).proxies("127.0.0.1").apiPort(true));
    List<Integer> ports = RealProxy.freePorts(2);
    plain = ports.getFirst();
    secure = ports.getLast();
    TestCertificate.of("rallypoint.example.org", "EC").writeTo(folder);
    String form =
        new String(
            ManualsNginxIT.class.getResourceAsStream(FORM).readAllBytes(), StandardCharsets.UTF_8);
    Files.writeString(
        folder.resolve(FORM),
        RealProxy.with(
            form,
            Map.of(
                "PLAIN", String.valueOf(plain),
                "SECURE", String.valueOf(secure),
                "CHAIN", folder.resolve("chain.pem").toString(),
                "KEY", folder.resolve("key.pem").toString(),
                "127.0.0.1:21114", "127.0.0.1:" + (node.port() - 2),
                "127.0.0.1:21118", "127.0.0.1:" + (node.port() + 2),
                "127.0.0.1:21119", "127.0.0.1:" + (node.port() + 3))));
    Path whole = folder.resolve("nginx.conf");
    Files.writeString(
        whole,
        "events {}\nhttp { access_log off; client_body_temp_path body; proxy_temp_path proxy;"
            + " fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s; include "
            + folder.resolve(FORM)
            + "; }\n");
    nginx =
        RealProxy.start(
            folder,
            Map.of(),
            plain,
            program.toString(),
            "-p",
            folder.toString(),
            "-c",
            whole.toString(),
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

  private static WsClient client(String scheme, String from, String path) {
    int port = scheme.equals("wss") ? secure : plain;
    return new WsClient(
        URI.create("%s://127.0.0.1:%d%s".formatted(scheme, port, path)), from, Map.of());
  }

  @ParameterizedTest
  @CsvSource({"ws, 123456701", "wss, 123456702"})
  void carriesARegistrationAndACallToIt(String scheme, String id) {
    try (WsClient target = client(scheme, "127.0.0.2", "/ws/id");
        WsClient requester = client(scheme, "127.0.0.4", "/ws/id")) {
      target.send(UdpClient.claimOf(id, "a uuid", 7));
      assertThat(target.receive().getRegisterPkResponse().getResult()).isEqualTo(Result.OK);
      requester.send(Asking.punch(id));
      assertThat(target.receive().hasPunchHole()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ws", "wss"})
  void carriesASessionThroughTheRelay(String scheme) {
    byte[] bytes = {1, 2, 3};
    try (WsClient a = client(scheme, "127.0.0.2", "/ws/relay");
        WsClient b = client(scheme, "127.0.0.4", "/ws/relay")) {
      a.send(Asking.leg("manual-" + scheme, "b"));
      b.send(Asking.leg("manual-" + scheme, ""));
      a.sendFrame(bytes);
      assertThat(b.receiveFrame()).isEqualTo(bytes);
    }
  }

  @Test
  void letsTheNodeSeeTheClientsTrueIp() {
    try (UdpClient target = node.udp().registered("123456703");
        WsClient requester = client("wss", "127.0.0.2", "/ws/id")) {
      requester.send(Asking.punch("123456703"));
      assertThat(Asking.heardBy(target).ip()).isEqualTo("127.0.0.2");
    }
  }

  @Test
  void handsRequestsOfTheApiToTheNodeWhichAnswersThem() throws Exception {
    long before = node.counters().of(Event.API_REQUESTS);
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest heartbeat =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + plain + "/api/heartbeat"))
              .POST(BodyPublishers.ofString("{\"id\":\"123456704\"}"))
              .build();

      assertThat(http.send(heartbeat, BodyHandlers.ofString()).body()).isEqualTo("{}");
    }
    assertThat(node.counters().of(Event.API_REQUESTS)).isEqualTo(before + 1);
  }
}
