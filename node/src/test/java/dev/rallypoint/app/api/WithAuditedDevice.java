package dev.rallypoint.app.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rallypoint.testing.UdpClient;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;

/** A node with an API, a device that is registered at it, and who asks for its audits. */
abstract class WithAuditedDevice extends WithApiNode {
  static final String ID = "auditdesk1";
  static String token;
  static String ordinary;

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
  static String body(String fields) {
    return "{\"id\":\"%s\",\"uuid\":\"%s\",%s}".formatted(ID, uuid(ID), fields);
  }

  static String uuid(String id) {
    return Base64.getEncoder().encodeToString(("uuid of " + id).getBytes(UTF_8));
  }

  static String nonce() {
    return ",\"nonce\":\"" + UUID.randomUUID() + "\"";
  }

  static void taken(String path, String fields) throws Exception {
    HttpResponse<String> response = post(path, body(fields));
    assertThat(response.body()).isEmpty();
    assertThat(response.statusCode()).isEqualTo(200);
  }

  static void open(int connId, String session) throws Exception {
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

  static HttpResponse<String> ask(String path) throws Exception {
    return send(base() + path, "GET", "", token, "");
  }

  static HttpResponse<String> manage(String method, String path, String body) throws Exception {
    return send(base() + path, method, "application/json", token, body);
  }

  static String active(String session) throws Exception {
    return ask("/api/audit/conn/active?id=%s&session_id=%s&conn_type=0".formatted(ID, session))
        .body();
  }

  static JsonNode listed(String path) throws Exception {
    return JSON.readTree(ask(path).body());
  }
}
