package dev.rallypoint.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.proto.HeaderEntry;
import dev.rallypoint.protocol.proto.HttpProxyRequest;
import dev.rallypoint.protocol.proto.HttpProxyResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.testing.TcpClient;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The calls of address books on one node, against the exact answers that clients read. */
class AddressBookApiTest extends WithBooks {
  @ParameterizedTest
  @ValueSource(strings = {"POST", "GET"})
  void tellsThePersonalBookAndItsBound(String method) throws Exception {
    JsonNode personal = json(method, "/api/ab/personal", bob, "");
    assertThat(personal.size()).isOne();
    assertThat(personal.path("guid").asText()).hasSize(36).contains("-");
    assertThat(json(method, "/api/ab/settings", bob, ""))
        .isEqualTo(JSON.readTree("{\"max_peer_one_ab\":20000}"));
  }

  @Test
  void playsALifeOfAnEntry() throws Exception {
    String book = sharedBook();
    assertDone(
        call(
            "POST",
            "/api/ab/peer/add/" + book,
            bob,
            """
            {"id":"123456789","alias":"Till 7","tags":["vip"],"password":"s3cret","hash":"h",
            "username":"u","hostname":"desk","platform":"Windows","forceAlwaysRelay":"true",
            "rdpPort":"3389","rdpUsername":"r","loginName":"l","note":null,"unknown":[{}],
            "same_server":true}
            """));
    assertDone(
        call(
            "PUT",
            "/api/ab/peer/update/" + book,
            bob,
            "{\"id\":\"123456789\",\"note\":\"a note\"}"));

    assertThat(json("POST", "/api/ab/peers?current=1&pageSize=100&ab=" + book, bob, ""))
        .isEqualTo(
            JSON.readTree(
                """
                {"total":1,"data":[{"id":"123456789","alias":"Till 7","hash":"",
                "password":"s3cret","username":"u","hostname":"desk","platform":"Windows",
                "forceAlwaysRelay":"true","rdpPort":"3389","rdpUsername":"r","loginName":"l",
                "device_group_name":"","note":"a note","tags":["vip"],"same_server":true}]}
                """));
    assertThat(
            json("GET", "/api/ab/peers?pageSize=30&id=%25345%25&ab=" + book, bob, "").path("total"))
        .isEqualTo(JSON.readTree("1"));

    assertDone(call("DELETE", "/api/ab/peer/" + book, bob, "[\"123456789\",\"1\"]"));
    assertThat(json("GET", "/api/ab/peers?ab=" + book, bob, ""))
        .isEqualTo(JSON.readTree("{\"total\":0,\"data\":[]}"));
    assertThat(json("GET", "/api/ab/recycle-bin/" + book, bob, "").path("total").asInt()).isOne();
    assertDone(call("POST", "/api/ab/recycle-bin/" + book, bob, "[\"123456789\"]"));
    assertThat(json("GET", "/api/ab/peers?ab=" + book, bob, "").path("total").asInt()).isOne();
  }

  @Test
  void playsALifeOfATag() throws Exception {
    String book = sharedBook();
    String tags = "/api/ab/tags/" + book;
    assertThat(call("POST", tags, bob, "").body()).isEqualTo("[]");
    assertDone(
        call("POST", "/api/ab/tag/add/" + book, bob, "{\"name\":\"a\",\"color\":4294901760}"));
    assertThat(call("POST", tags, bob, "").body())
        .isEqualTo("[{\"name\":\"a\",\"color\":4294901760}]");
    assertDone(call("PUT", "/api/ab/tag/rename/" + book, bob, "{\"old\":\"a\",\"new\":\"b\"}"));
    assertDone(
        call(
            "PUT",
            "/api/ab/tag/update/" + book,
            bob,
            "{\"name\":\"b\",\"color\":9223372036854775807}"));
    assertThat(call("GET", tags, bob, "").body())
        .isEqualTo("[{\"name\":\"b\",\"color\":9223372036854775807}]");
    assertDone(call("DELETE", "/api/ab/tag/" + book, bob, "[\"b\"]"));
    assertThat(call("POST", tags, bob, "").body()).isEqualTo("[]");
  }

  @Test
  void playsALifeOfASharedBook() throws Exception {
    String book = sharedBook();
    assertDone(
        call(
            "PUT",
            "/api/ab/shared/update/profile",
            bob,
            "{\"guid\":\"%s\",\"name\":\"Kiosks\",\"note\":\"n\",\"info\":{\"password\":\"pw\"}}"
                .formatted(book)));
    assertDone(
        call(
            "POST",
            "/api/ab/rule",
            bob,
            "{\"guid\":\"%s\",\"rule\":1,\"user\":\"alice\"}".formatted(book)));
    assertDone(call("POST", "/api/ab/rule", bob, "{\"guid\":\"%s\",\"rule\":1}".formatted(book)));
    assertThat(json("POST", "/api/ab/shared/profiles?current=1&pageSize=100", alice, ""))
        .isEqualTo(
            JSON.readTree(
                """
                {"total":1,"data":[{"guid":"%s","name":"Kiosks","owner":"bob","note":"n","rule":1,
                "info":{"password":"pw"}}]}
                """
                    .formatted(book)));

    JsonNode rules = json("GET", "/api/ab/rules?pageSize=30&current=1&ab=" + book, bob, "");
    String first = rules.path("data").path(0).path("guid").asText();
    String second = rules.path("data").path(1).path("guid").asText();
    assertThat(rules)
        .isEqualTo(
            JSON.readTree(
                """
                {"total":2,"data":[{"guid":"%s","user":"alice","rule":1},{"guid":"%s","rule":1}]}
                """
                    .formatted(first, second)));
    assertDone(call("PATCH", "/api/ab/rule", bob, "{\"guid\":\"%s\",\"rule\":2}".formatted(first)));
    assertDone(call("POST", "/api/ab/tag/add/" + book, alice, "{\"name\":\"t\",\"color\":1}"));
    assertDone(call("DELETE", "/api/ab/rules", bob, "[\"%s\",\"%s\"]".formatted(first, second)));
    assertRefused(404, call("POST", "/api/ab/tags/" + book, alice, ""));

    assertDone(call("DELETE", "/api/ab/shared", bob, "[\"" + book + "\"]"));
    assertRefused(404, call("POST", "/api/ab/tags/" + book, bob, ""));
    assertThat(call("GET", "/api/ab/shared/recycle-bin", bob, "").body()).contains(book);
    assertDone(call("POST", "/api/ab/shared/recycle-bin", bob, "[\"" + book + "\"]"));
    assertThat(call("POST", "/api/ab/tags/" + book, bob, "").body()).contains("\"t\"");
  }

  private static String legacyBody(int peers) {
    ObjectNode data = JSON.createObjectNode();
    data.putArray("tags").add("office");
    data.put("tag_colors", "{\"office\":4278190335}");
    ArrayNode all = data.putArray("peers");
    for (int i = 0; i < peers; i++) {
      ObjectNode peer = all.addObject();
      peer.put("id", Integer.toString(100_000_000 + i))
          .put("hash", "aGFzaCBvZiBhIHBhc3N3b3JkIG51bWJlciA=" + i)
          .put("username", "user" + i)
          .put("hostname", "desk-" + i)
          .put("platform", "Windows")
          .put("alias", "device " + i)
          .put("forceAlwaysRelay", "false")
          .put("rdpPort", "")
          .put("rdpUsername", "")
          .put("loginName", "");
      peer.putArray("tags").add("office");
    }
    return JSON.createObjectNode().put("data", data.toString()).toString();
  }

  @Test
  void servesOldClientsAWholeBookOfTenThousand() throws Exception {
    String token = alice;
    String body = legacyBody(10_000);
    long begin = System.nanoTime();
    assertDone(call("POST", "/api/ab", token, body));
    long written = System.nanoTime();
    JsonNode read = json("GET", "/api/ab", token, "");
    long whole = System.nanoTime();
    String book = personal(token);
    int pulled = 0;
    for (int page = 1; page <= 100; page++) {
      JsonNode some =
          json(
              "POST",
              "/api/ab/peers?current=%d&pageSize=100&ab=%s".formatted(page, book),
              token,
              "");
      assertThat(some.path("total").asInt()).isEqualTo(10_000);
      pulled += some.path("data").size();
    }
    long paged = System.nanoTime();

    JsonNode data = JSON.readTree(read.path("data").asText());
    assertThat(read.path("licensed_devices").asInt()).isEqualTo(20_000);
    assertThat(data.path("peers").size()).isEqualTo(10_000);
    assertThat(data.path("tags")).isEqualTo(JSON.readTree("[\"office\"]"));
    assertThat(data.path("tag_colors").asText()).isEqualTo("{\"office\":4278190335}");
    assertThat(pulled).isEqualTo(10_000);
    assertThat(json("POST", "/api/ab/get", token, "{}").path("updated_at").asText()).isNotEmpty();
    System.out.printf(
        "over HTTP: 10,000 entries, %d KiB, written in %d ms, read whole in %d ms, by pages in %d ms%n",
        body.length() / 1024,
        Duration.ofNanos(written - begin).toMillis(),
        Duration.ofNanos(whole - written).toMillis(),
        Duration.ofNanos(paged - whole).toMillis());
  }

  @Test
  void sendsWholeBooksInGzipToThoseWhoTakeIt() throws Exception {
    assertDone(call("POST", "/api/ab", bob, legacyBody(100)));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base() + "/api/ab"))
            .header("Authorization", "Bearer " + bob)
            .header("Accept-Encoding", "gzip")
            .build();
    HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
    assertThat(response.headers().firstValue("content-encoding")).contains("gzip");
    try (GZIPInputStream gzip = new GZIPInputStream(response.body())) {
      assertThat(JSON.readTree(gzip).path("data").asText()).contains("desk-99");
    }
  }

  private static HttpProxyResponse proxied(String method, String path, String token, String body) {
    try (TcpClient client = node.control().secured(node.key())) {
      client.send(
          RendezvousMessage.newBuilder()
              .setHttpProxyRequest(
                  HttpProxyRequest.newBuilder()
                      .setMethod(method)
                      .setPath(path)
                      .addHeaders(
                          HeaderEntry.newBuilder()
                              .setName("Authorization")
                              .setValue("Bearer " + token))
                      .setBody(ByteString.copyFromUtf8(body)))
              .build());
      return client.receive().getHttpProxyResponse();
    }
  }

  @Test
  void answersTheSameOverTheIdServersPort() throws Exception {
    String book = sharedBook();
    HttpProxyResponse added =
        proxied("POST", "/api/ab/peer/add/" + book, bob, "{\"id\":\"1\",\"tags\":[\"t\"]}");
    HttpProxyResponse peers = proxied("POST", "/api/ab/peers?ab=" + book, bob, "");
    HttpProxyResponse deleted = proxied("DELETE", "/api/ab/peer/" + book, bob, "[\"1\"]");

    assertThat(added.getStatus()).isEqualTo(200);
    assertThat(added.getBody().isEmpty()).isTrue();
    assertThat(JSON.readTree(peers.getBody().toStringUtf8()).path("total").asInt()).isOne();
    assertThat(deleted.getStatus()).isEqualTo(200);
    assertThat(deleted.getBody().isEmpty()).isTrue();
    assertThat(proxied("POST", "/api/ab/personal", "rpc_wrong", "").getStatus()).isEqualTo(401);
  }

  @Test
  void writesNoSecretIntoItsLog() throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger("dev.rallypoint");
    ListAppender<ILoggingEvent> events = new ListAppender<>();
    events.start();
    logger.addAppender(events);
    logger.setLevel(Level.TRACE);
    String book = sharedBook();
    String peer =
        "{\"id\":\"1\",\"password\":\"entry-secret\",\"hash\":\"entry-hash\",\"note\":%s}";
    call("POST", "/api/ab/peer/add/" + book, bob, peer.formatted("\"n\""));
    call("POST", "/api/ab/peer/add/" + book, bob, peer.formatted("[]"));
    call(
        "PUT",
        "/api/ab/shared/update/profile",
        bob,
        "{\"guid\":\"%s\",\"info\":{\"password\":\"book-secret\"}}".formatted(book));
    logger.warn("the end");
    logger.detachAppender(events);
    logger.setLevel(null);

    assertThat(List.copyOf(events.list).toString())
        .contains("the end")
        .doesNotContain("entry-secret", "entry-hash", "book-secret", bob, PASSWORD);
  }
}
