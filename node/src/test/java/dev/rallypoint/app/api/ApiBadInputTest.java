package dev.rallypoint.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the API of a node answers to what it does not know or cannot take. */
class ApiBadInputTest extends WithApiNode {
  @ParameterizedTest
  @CsvSource({
    "GET, /api/ab/nothing, This server has no address books",
    "GET, /api/users?accessible=&status=1, disabled",
    "GET, /api/peers?current=1&pageSize=100, disabled",
    "GET, /api/device-group/accessible, disabled",
    "POST, /api/audit/other, this server has no API for /api/audit/other",
    "POST, /api/oidc/auth, no API",
    "GET, /, this server has no API for /",
    "GET, /livez, no API"
  })
  void answersWhatIsNotThereWith404(String method, String path, String text) throws Exception {
    HttpResponse<String> response =
        send(base() + path, method, "", "", method.equals("GET") ? "" : "{}");
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(JSON.readTree(response.body()).path("error").asText()).contains(text);
  }

  static Stream<Arguments> badInput() {
    String deep = "[".repeat(10_000);
    return Stream.of(
            "/api/login",
            "/api/heartbeat",
            "/api/sysinfo",
            "/api/audit/conn",
            "/api/audit/file",
            "/api/audit/alarm")
        .flatMap(path ->
            Stream.of(
                Arguments.of(path, "{", 400),
                Arguments.of(path, "[]", 400),
                Arguments.of(path, "7", 400),
                Arguments.of(path, deep, 400),
                Arguments.of(path, "{\"a\":" + deep, 400),
                Arguments.of(path, "{\"id\":7}", 400),
                Arguments.of(path, "{\"id\":{}}", 400),
                Arguments.of(path, "{\"uuid\":[]}", 400),
                Arguments.of(path, "{\"id\":\"" + "9".repeat(200) + "\"}", 400),
                Arguments.of(path, "x".repeat(70_000), 413)));
  }

  @ParameterizedTest
  @MethodSource("badInput")
  void refusesBadInputWithAnError(String path, String body, int status) throws Exception {
    HttpResponse<String> response = post(path, body);
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(JSON.readTree(response.body()).path("error").asText()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"username\":\"alice\"}",
        "{\"username\":7,\"password\":\"x\"}",
        "{\"type\":\"sms_code\"}",
        "{\"username\":\"alice\",\"password\":\"x\",\"deviceInfo\":{\"os\":[]}}"
      })
  void refusesALoginThatIsMalformed(String body) throws Exception {
    assertThat(post("/api/login", body).statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"' or 1=1 --", "%", "al_ce", "alice\\u0000", "", "\\ud83d\\ude00"})
  void takesNoNameForAnotherOne(String name) throws Exception {
    assertThat(post("/api/login", loginBody(name, PASSWORD)).statusCode()).isBetween(400, 403);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "text/plain", "application/x-www-form-urlencoded", "a/b;c=d"})
  void takesWhateverContentType(String type) throws Exception {
    HttpResponse<String> response =
        send(base() + "/api/login", "POST", type, "", loginBody("alice", PASSWORD));
    assertThat(response.statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"GET, /api/login", "POST, /api/login-options", "DELETE, /api/heartbeat"})
  void namesTheMethodOfARoute(String method, String path) throws Exception {
    HttpResponse<String> response = send(base() + path, method, "", "", "");
    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.body()).contains("ask it by");
  }

  @Test
  void letsPagesOfOtherOriginsAsk() throws Exception {
    HttpResponse<String> response = send(base() + "/api/login", "OPTIONS", "", "", "");
    assertThat(response.statusCode()).isEqualTo(204);
    assertThat(response.headers().firstValue("access-control-allow-headers"))
        .hasValueSatisfying(names -> assertThat(names).contains("Authorization"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "\"text\"", "null", "{\"id\":7}"})
  void doesNotLogOutByABodyOfCurrentUserThatIsMalformed(String body) throws Exception {
    assertThat(post("/api/currentUser", token(), body).statusCode()).isEqualTo(200);
  }
}
