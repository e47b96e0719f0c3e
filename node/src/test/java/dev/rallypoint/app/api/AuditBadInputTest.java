package dev.rallypoint.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the routes of audits and strategies answer to what they cannot take, and to strangers. */
class AuditBadInputTest extends WithAuditedDevice {
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

  @ParameterizedTest
  @CsvSource({
    "GET, /api/audits/conn, 200",
    "GET, /api/audits/console, 200",
    "POST, /api/audits/conn/nothing/disconnect, 403",
    "GET, /api/strategies, 200",
    "PUT, /api/strategies/nothing/status, 404",
    "GET, /api/user-groups, 403",
    "GET, /api/control-roles, 403",
    "GET, /api/devices, 403"
  })
  void answerAProgramByTheScopesOfItsToken(String method, String path, int status)
      throws Exception {
    String token = programToken("of " + method + path, "audit:r,strategy:rw");

    String body = method.equals("PUT") ? "true" : "";
    assertThat(send(base() + path, method, "application/json", token, body).statusCode())
        .isEqualTo(status);
  }
}
