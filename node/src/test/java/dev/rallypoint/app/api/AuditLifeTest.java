package dev.rallypoint.app.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rallypoint.app.Shell;
import dev.rallypoint.testing.UdpClient;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Audits and strategies of one node, over real sockets: the answers to the byte. */
class AuditLifeTest extends WithApiNode {
  private static final String ID = "auditdesk1";
  private static String token;
  private static String ordinary;

  @BeforeAll
  static void registerTheDevice() throws Exception {
    try (UdpClient client = node.udp()) {
      client.registered(ID);
    }
    token = token();
    adminWithPassword("create", "erna", "--email", "erna@example.org");
    ordinary =
        JSON.readTree(
                post("/api/login", loginBody("erna", PASSWORD).replace("123456789", "222222222"))
                    .body())
            .path("access_token")
            .asText();
    assertThat(post("/api/sysinfo", body("\"hostname\":\"desk\"")).body())
        .isEqualTo("SYSINFO_UPDATED");
  }

  /** A body of the device with its proof. */
  private static String body(String fields) {
    return "{\"id\":\"%s\",\"uuid\":\"%s\",%s}".formatted(ID, uuid(ID), fields);
  }

  private static String uuid(String id) {
    return Base64.getEncoder().encodeToString(("uuid of " + id).getBytes(UTF_8));
  }

  private static String nonce() {
    return ",\"nonce\":\"" + UUID.randomUUID() + "\"";
  }

  private static void taken(String path, String fields) throws Exception {
    HttpResponse<String> response = post(path, body(fields));
    assertThat(response.body()).isEmpty();
    assertThat(response.statusCode()).isEqualTo(200);
  }

  private static void open(int connId, String session) throws Exception {
    taken(
        "/api/audit/conn",
        "\"action\":\"new\",\"ip\":\"192.0.2.7\",\"conn_id\":%d,\"session_id\":0%s"
            .formatted(connId, nonce()));
    taken(
        "/api/audit/conn",
        ("\"conn_id\":%d,\"session_id\":%s,\"peer\":[\"123456789\",\"alices desk\"],\"type\":0,"
                + "\"primary_auth\":3%s")
            .formatted(connId, session, nonce()));
  }

  private static HttpResponse<String> ask(String path) throws Exception {
    return send(base() + path, "GET", "", token, "");
  }

  private static HttpResponse<String> manage(String method, String path, String body)
      throws Exception {
    return send(base() + path, method, "application/json", token, body);
  }

  private static String active(String session) throws Exception {
    return ask("/api/audit/conn/active?id=%s&session_id=%s&conn_type=0".formatted(ID, session))
        .body();
  }

  private static JsonNode listed(String path) throws Exception {
    return JSON.readTree(ask(path).body());
  }

  @Test
  void showAConnectionWithItsUserAndNote() throws Exception {
    open(11, "18446744073709551615");
    String guid = JSON.readTree(active("18446744073709551615")).asText();

    HttpResponse<String> note =
        manage("PUT", "/api/audit", "{\"guid\":\"%s\",\"note\":\"helped\"}".formatted(guid));

    assertThat(guid).hasSize(36);
    assertThat(active("7")).isEqualTo("\"\"");
    assertThat(note.statusCode()).isEqualTo(200);
    assertThat(note.body()).isEmpty();
    taken("/api/audit/conn", "\"action\":\"close\",\"conn_id\":11" + nonce());
    JsonNode all = listed("/api/audits/conn?remote=%25" + ID + "%25&pageSize=10&current=1");
    JsonNode row = all.path("data").get(0);
    for (JsonNode one : all.path("data")) {
      row = one.path("guid").asText().equals(guid) ? one : row;
    }
    assertThat(all.path("total").isInt()).isTrue();
    assertThat(row)
        .isEqualTo(
            JSON.readTree(
                """
                {"guid":"%s","device_id":"auditdesk1","conn_id":11,
                "session_id":"18446744073709551615","ip":"192.0.2.7","peer_id":"123456789",
                "peer_name":"alices desk","note":"helped","conn_type":0,"primary_auth":3,
                "user_name":"alice","user_proven":false,"ended_by":"device","created_at":%d,
                "authorised_at":%d,"end_time":%d}
                """
                    .formatted(
                        guid,
                        row.path("created_at").asLong(),
                        row.path("authorised_at").asLong(),
                        row.path("end_time").asLong())));
    assertThat(row.path("created_at").asLong()).isBetween(1_700_000_000L, 9_000_000_000L);
  }

  @Test
  void tellADeviceToEndAConnection() throws Exception {
    open(12, "12");
    String guid = JSON.readTree(active("12")).asText();

    Shell shell = new Shell(folder);
    assertThat(run(shell, "admin", "connections", ID)).isZero();
    assertThat(run(shell, "admin", "disconnect", guid)).isZero();

    assertThat(shell.out()).contains(guid, "told auditdesk1 to end the connection of 123456789");
    HttpResponse<String> beat = post("/api/heartbeat", body("\"conns\":[12],\"modified_at\":0"));
    assertThat(beat.body()).isEqualTo("{\"disconnect\":[12]}");
    assertThat(post("/api/heartbeat", body("\"conns\":[13],\"modified_at\":0")).body())
        .isEqualTo("{}");
    taken("/api/audit/conn", "\"action\":\"close\",\"conn_id\":12" + nonce());
    HttpResponse<String> again =
        manage("POST", "/api/audits/conn/%s/disconnect".formatted(guid), "");
    assertThat(again.statusCode()).isEqualTo(404);
    assertThat(listed("/api/audits/console").toString()).contains("\"iop\":5");
  }

  @Test
  void keepFilesAndAlarms() throws Exception {
    String file =
        """
        "peer_id":"123456789","conn_id":14,"type":1,"path":"/home/a","is_file":false,
        "info":"{\\"ip\\":\\"192.0.2.7\\",\\"name\\":\\"desk\\",\\"num\\":2,\
        \\"files\\":[[\\"a\\",7],[\\"b\\",3]]}","nonce":"same"
        """;
    taken("/api/audit/file", file);
    taken("/api/audit/file", file);
    taken(
        "/api/audit/alarm",
        "\"typ\":1,\"info\":\"{\\\"ip\\\":\\\"192.0.2.9\\\"}\",\"conn_id\":0" + nonce());

    JsonNode files = listed("/api/audits/file?remote=123456789");
    JsonNode alarms = listed("/api/audits/alarm?device=" + ID);
    assertThat(files.path("total").asInt()).isOne();
    assertThat(files.path("data").get(0).path("files").toString())
        .isEqualTo("[[\"a\",7],[\"b\",3]]");
    assertThat(alarms.path("data").get(0).path("info").toString())
        .isEqualTo("{\"ip\":\"192.0.2.9\"}");
    assertThat(alarms.path("data").get(0).path("typ").asInt()).isOne();
  }

  @Test
  void takeTheNoteOfAnOlderClient() throws Exception {
    open(15, "15");
    HttpResponse<String> response =
        post(
            "/api/audit/conn",
            "{\"id\":\"%s\",\"session_id\":15,\"note\":\"an older note\"}".formatted(ID));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
    assertThat(ask("/api/audits/conn").body()).contains("an older note");
  }

  @ParameterizedTest
  @ValueSource(strings = {"conn", "file", "alarm"})
  void changeNothingByPostsOfOthers(String kind) throws Exception {
    String fields =
        "\"action\":\"new\",\"conn_id\":99,\"typ\":1,\"type\":0,\"ip\":\"192.0.2.99\",\"info\":\"\"";
    String foreign = body(fields).replace(uuid(ID), uuid("another"));
    String unknown = body(fields).replace(ID, "nobodyhere");

    assertThat(post("/api/audit/" + kind, foreign).statusCode()).isEqualTo(403);
    assertThat(post("/api/audit/" + kind, unknown).statusCode()).isEqualTo(404);
    assertThat(ask("/api/audits/" + kind).body()).doesNotContain("192.0.2.99", "\"conn_id\":99");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "conn | \"action\":\"explode\",\"conn_id\":1",
        "conn | \"action\":\"new\"",
        "conn | \"action\":\"new\",\"conn_id\":\"1\"",
        "conn | \"action\":\"new\",\"conn_id\":1.5",
        "conn | \"action\":\"new\",\"conn_id\":1,\"session_id\":-1",
        "conn | \"action\":\"new\",\"conn_id\":1,\"session_id\":18446744073709551616",
        "conn | \"action\":\"new\",\"conn_id\":1,\"session_id\":[]",
        "conn | \"action\":\"new\",\"conn_id\":1,\"nonce\":7",
        "conn | \"action\":\"new\",\"conn_id\":1,\"nonce\":\"12345678901234567890123456789012345678901234567890123456789012345\"",
        "conn | \"conn_id\":1",
        "conn | \"conn_id\":1,\"peer\":\"x\"",
        "conn | \"conn_id\":1,\"peer\":[7]",
        "conn | \"conn_id\":1,\"peer\":[\"a\"],\"type\":256",
        "conn | \"conn_id\":1,\"peer\":[\"a\"],\"type\":\"0\"",
        "file | \"info\":{}",
        "file | \"info\":\"{\"",
        "file | \"info\":\"[]\"",
        "file | \"type\":2",
        "file | \"is_file\":\"yes\"",
        "file | \"path\":7",
        "alarm | \"info\":\"{}\"",
        "alarm | \"typ\":-1",
        "alarm | \"typ\":1,\"info\":7"
      })
  void refuseAMalformedPostForGood(String kind, String fields) throws Exception {
    HttpResponse<String> response = post("/api/audit/" + kind, body(fields));
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(JSON.readTree(response.body()).path("error").asText()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/audits/conn?created_at=yesterday, 400",
    "GET, /api/audits/conn?created_at=2026-13-01%2000:00:00.000, 400",
    "GET, /api/audits/conn?created_at=2026-11-30%2000:00:00.000, 200",
    "GET, /api/audits/conn?created_at=2026-11-30%2000:00:00, 200",
    "GET, /api/audits/conn?conn_type=x, 400",
    "GET, /api/audits/conn?pageSize=0, 400",
    "GET, /api/audits/file?remote=%25%27%3B--, 200",
    "GET, /api/audits/alarm?device=-, 200",
    "GET, /api/audits/console?operator=%5C, 200",
    "GET, /api/audit/conn/active?id=x&session_id=, 400",
    "GET, /api/audit/conn/active?id=x&session_id=1&conn_type=z, 400",
    "PUT, /api/audit, 404",
    "GET, /api/strategies/nothing, 404",
    "POST, /api/audits/conn/nothing/disconnect, 404"
  })
  void answerOddQuestionsClearly(String method, String path, int status) throws Exception {
    assertThat(manage(method, path, "").statusCode()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/audits/conn",
    "GET, /api/audits/file",
    "GET, /api/audits/alarm",
    "GET, /api/audits/console",
    "POST, /api/audits/conn/x/disconnect",
    "GET, /api/strategies",
    "POST, /api/strategies",
    "PATCH, /api/strategies/x",
    "DELETE, /api/strategies/x",
    "POST, /api/strategies/x/publish",
    "PUT, /api/strategies/x/status",
    "POST, /api/strategies/assign"
  })
  void askForAnAdministrator(String method, String path) throws Exception {
    assertThat(send(base() + path, method, "", "", "").statusCode()).isEqualTo(401);
    assertThat(send(base() + path, method, "", ordinary, "").statusCode()).isEqualTo(403);
  }

  @Test
  void deliverAStrategyToADevice() throws Exception {
    JsonNode made =
        JSON.readTree(
            manage(
                    "POST",
                    "/api/strategies",
                    "{\"name\":\"quiet\",\"config_options\":{\"enable-audio\":\"N\"}}")
                .body());
    String path = "/api/strategies/" + made.path("guid").asText();
    assertThat(manage("POST", path + "/publish", "").statusCode()).isEqualTo(200);
    HttpResponse<String> assigned =
        manage(
            "POST",
            "/api/strategies/assign",
            "{\"strategy\":\"%s\",\"peers\":[],\"users\":[],\"groups\":[]}"
                .formatted(made.path("guid").asText()));
    assertThat(assigned.statusCode()).isEqualTo(200);
    assertThat(assigned.body()).isEmpty();
    assertThat(JSON.readTree(ask("/api/strategies").body()).isArray()).isTrue();
    long number = JSON.readTree(ask(path).body()).path("modified_at").asLong();
    assertThat(ask(path).body())
        .isEqualTo(
            ("{\"guid\":\"%s\",\"name\":\"quiet\",\"note\":\"\",\"enabled\":true,"
                    + "\"modified_at\":%d,\"config_options\":{\"enable-audio\":\"N\"},\"extra\":{}}")
                .formatted(made.path("guid").asText(), number));
    assertThat(manage("PUT", path + "/status", "false").body()).isEmpty();
    assertThat(manage("PUT", path + "/status", "maybe").statusCode()).isEqualTo(400);
    assertThat(JSON.readTree(ask(path).body()).path("enabled").asBoolean()).isFalse();

    // A number that this server has not given is taken back.
    await()
        .untilAsserted(() ->
            assertThat(post("/api/heartbeat", body("\"modified_at\":7")).body())
                .startsWith("{\"modified_at\":0,\"strategy\":{\"config_options\":{"));
    assertThat(post("/api/heartbeat", body("\"modified_at\":0")).body()).isEqualTo("{}");
    assertThat(manage("DELETE", path, "").body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"conns\":7",
        "\"conns\":[\"a\"]",
        "\"conns\":[1.5]",
        "\"modified_at\":\"x\"",
        "\"modified_at\":1e99"
      })
  void refuseAMalformedHeartbeat(String fields) throws Exception {
    assertThat(post("/api/heartbeat", body(fields)).statusCode()).isEqualTo(400);
  }

  @Test
  void writeWhoLoggedInAndWhatWasChanged() throws Exception {
    String name = "w" + UUID.randomUUID();
    adminWithPassword("create", name, "--email", "w@example.org");
    token = token(); // in place of the earlier one of this device
    JsonNode rows = listed("/api/audits/console?pageSize=1000").path("data");
    assertThat(rows)
        .anySatisfy(row -> {
          assertThat(row.path("target").asText()).isEqualTo(name);
          assertThat(row.path("iop").asInt()).isEqualTo(2);
          assertThat(row.path("typ").asInt()).isOne();
        })
        .anySatisfy(row -> {
          assertThat(row.path("operator").asText()).isEqualTo("alice");
          assertThat(row.path("iop").asInt()).isZero();
        });
    assertThat(rows.toString()).doesNotContain(PASSWORD);
  }

  @Test
  void raiseAnAlarmOfFailedLogins() throws Exception {
    for (int i = 0; i < 5; i++) {
      post("/api/login", loginBody("mallory", "a wrong password"));
    }
    await()
        .untilAsserted(
            () -> assertThat(ask("/api/audits/alarm").body()).contains("\"typ\":4", "mallory"));
  }
}
