package dev.rallypoint.app.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rallypoint.app.Shell;
import java.net.http.HttpResponse;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Audits and strategies of one node, over real sockets: the answers to the byte. */
class AuditLifeTest extends WithAuditedDevice {
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
