package dev.rallypoint.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the management routes of devices answer to what they cannot take. */
class DeviceBadInputTest extends WithApiNode {
  private static final String NOBODY = "/00000000-0000-7000-8000-00000000dead";

  private static String token;
  private static String reader;

  @BeforeAll
  static void makeTokens() {
    token = programToken("scripts", "device:rw,device-group:rw");
    reader = programToken("reader", "device:r");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/devices",
    "POST, /api/devices/x/enable",
    "POST, /api/devices/x/disable",
    "POST, /api/devices/x/approve",
    "POST, /api/devices/x/assign",
    "DELETE, /api/devices/x",
    "POST, /api/devices/cli",
    "POST, /api/devices/deploy",
    "GET, /api/device-groups",
    "POST, /api/device-groups",
    "POST, /api/device-groups/x",
    "PATCH, /api/device-groups/x",
    "DELETE, /api/device-groups/x",
    "DELETE, /api/device-groups/x/devices"
  })
  void answersOnlyWhoShowsATokenOfTheRightScope(String method, String path) throws Exception {
    String url = base() + path;
    assertThat(send(url, method, "", "", "").statusCode()).isEqualTo(401);
    assertThat(send(url, method, "", "rpa_unknown", "").statusCode()).isEqualTo(401);
    boolean mayRead = path.equals("/api/devices");
    assertThat(send(url, method, "", reader, "").statusCode()).isEqualTo(mayRead ? 200 : 403);
  }

  static Stream<Arguments> badInput() {
    String devices = "/api/devices";
    String groups = "/api/device-groups";
    String deep = "[".repeat(10_000);
    return Stream.of(
        Arguments.of("GET", devices + "?current=0", "", 400),
        Arguments.of("GET", devices + "?pageSize=x", "", 400),
        Arguments.of("POST", devices + NOBODY + "/enable", "", 404),
        Arguments.of("POST", devices + NOBODY + "/disable", "", 404),
        Arguments.of("POST", devices + NOBODY + "/approve", "", 404),
        Arguments.of("POST", devices + "/'%20or%201=1%20--/enable", "", 404),
        Arguments.of("DELETE", devices + NOBODY, "", 404),
        Arguments.of("POST", devices + NOBODY + "/assign", "", 400),
        Arguments.of("POST", devices + NOBODY + "/assign", "[]", 400),
        Arguments.of("POST", devices + NOBODY + "/assign", "{\"type\":7}", 400),
        Arguments.of("POST", devices + NOBODY + "/assign", "{\"type\":\"owner\"}", 400),
        Arguments.of("POST", devices + NOBODY + "/assign", "{\"type\":\"note\"}", 404),
        Arguments.of("POST", devices + NOBODY + "/assign", deep, 400),
        Arguments.of("POST", devices + "/cli", "", 404),
        Arguments.of("POST", devices + "/cli", "{\"id\":[]}", 400),
        Arguments.of("POST", devices + "/cli", "{\"id\":\"x\",\"note\":{}}", 400),
        Arguments.of("POST", devices + "/deploy", "{\"id\":7}", 400),
        Arguments.of("POST", groups, "", 400),
        Arguments.of("POST", groups, "{\"name\":\" \"}", 400),
        Arguments.of("POST", groups, "{\"name\":\"a\\u0000b\"}", 400),
        Arguments.of("POST", groups, "{\"name\":\"" + "x".repeat(65) + "\"}", 400),
        Arguments.of("POST", groups, "{\"name\":\"a\",\"allowed_incomings\":7}", 400),
        Arguments.of("POST", groups, "{\"name\":\"a\",\"allowed_incomings\":[{\"type\":1}]}", 400),
        Arguments.of(
            "POST",
            groups,
            "{\"name\":\"a\",\"allowed_incomings\":[{\"type\":2,\"name\":\"nobody\"}]}",
            400),
        Arguments.of("PATCH", groups + NOBODY, "{}", 404),
        Arguments.of("DELETE", groups + NOBODY, "", 404),
        Arguments.of("POST", groups + NOBODY, "[]", 404),
        Arguments.of("POST", groups + NOBODY, "", 404),
        Arguments.of("POST", groups + NOBODY, "{}", 400),
        Arguments.of("POST", groups + NOBODY, "[7]", 400),
        Arguments.of("DELETE", groups + NOBODY + "/devices", "[\"a\",null]", 400));
  }

  @ParameterizedTest
  @MethodSource("badInput")
  void refusesBadInputWithAnError(String method, String path, String body, int status)
      throws Exception {
    HttpResponse<String> response = send(base() + path, method, "application/json", token, body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(JSON.readTree(response.body()).path("error").asText()).isNotEmpty();
  }

  @Test
  void deploysNothingWhereAnyDeviceMayRegister() throws Exception {
    HttpResponse<String> response =
        send(base() + "/api/devices/deploy", "POST", "application/json", token, "{}");
    assertThat(response.body()).isEqualTo("{\"result\":\"NOT_ENABLED\"}");
  }

  @Test
  void letsAdministratorsDoAllAndOtherUsersNothing() throws Exception {
    adminWithPassword("create", "grace", "--email", "grace@example.org");
    String grace =
        JSON.readTree(post("/api/login", loginBody("grace", PASSWORD)).body())
            .path("access_token")
            .asText();
    assertThat(send(base() + "/api/devices", "GET", "", grace, "").body())
        .isEqualTo("{\"error\":\"Admin required!\"}");
    assertThat(send(base() + "/api/devices", "GET", "", token(), "").statusCode()).isEqualTo(200);
  }
}
