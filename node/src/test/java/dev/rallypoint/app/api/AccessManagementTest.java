package dev.rallypoint.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rallypoint.testing.TestSettings;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The management routes of user groups and control roles on a started node. */
class AccessManagementTest extends WithApiCalls {
  private static String admin;
  private static String carol;

  @BeforeAll
  static void start() throws Exception {
    start(TestSettings.in(folder));
    adminWithPassword("create", "carol", "--email", "carol@example.org");
    admin = token();
    carol =
        JSON.readTree(post("/api/login", loginBody("carol", PASSWORD)).body())
            .path("access_token")
            .asText();
  }

  private static HttpResponse<String> call(String method, String path, String body)
      throws Exception {
    return send(base() + path, method, "application/json", admin, body);
  }

  private static JsonNode first(String path) throws Exception {
    return JSON.readTree(call("GET", path, "").body()).path("data").path(0);
  }

  private static void isDone(HttpResponse<String> answer) {
    assertThat(answer.body()).isEmpty();
    assertThat(answer.statusCode()).isEqualTo(200);
  }

  @Test
  void keepsTheRulesOfAUserGroup() throws Exception {
    isDone(
        call(
            "POST",
            "/api/user-groups",
            """
            {"name":"Support","note":"n","allowed_incomings":[{"type":2,"name":"Carol"}],
            "allowed_outgoings":[{"type":0,"name":"Default"}]}
            """));
    JsonNode made = first("/api/user-groups?name=support");
    String group = "/api/user-groups/" + made.path("guid").asText();
    isDone(call("PATCH", group, "{\"name\":\"Helpers\",\"allowed_incomings\":[]}"));
    JsonNode changed = first("/api/user-groups?name=%25elper%25");
    isDone(call("DELETE", group, ""));

    assertThat(made.toString())
        .contains(
            "\"note\":\"n\",\"users\":0,\"allowed_incomings\":[{\"type\":2,\"name\":\"carol\"}],"
                + "\"allowed_outgoings\":[{\"type\":0,\"name\":\"Default\"}]");
    assertThat(changed.toString())
        .contains(
            "\"allowed_incomings\":[],\"allowed_outgoings\":[{\"type\":0,\"name\":\"Default\"}]");
    assertThat(call("GET", "/api/user-groups?name=Helpers", "").body())
        .isEqualTo("{\"total\":0,\"data\":[]}");
  }

  @Test
  void keepsControlRoles() throws Exception {
    isDone(call("POST", "/api/control-roles", "{\"name\":\"Watchers\",\"permissions\":1}"));
    JsonNode made = first("/api/control-roles?name=Watchers&status=1");
    String guid = made.path("guid").asText();
    isDone(call("PUT", "/api/control-roles/" + guid, "{\"permissions\":2,\"note\":\"n\"}"));
    isDone(
        call(
            "PUT",
            "/api/control-roles/enable",
            "{\"guids\":[\"%s\"],\"disable\":true}".formatted(guid)));
    HttpResponse<String> one = call("GET", "/api/control-roles/" + guid, "");
    isDone(call("DELETE", "/api/control-roles", "{\"guids\":[\"%s\"]}".formatted(guid)));

    assertThat(made.path("permissions").asInt()).isEqualTo(1);
    assertThat(one.body())
        .isEqualTo(
            "{\"guid\":\"%s\",\"name\":\"Watchers\",\"note\":\"n\",\"status\":0,\"built_in\":false,\"permissions\":2}"
                .formatted(guid));
    assertThat(call("GET", "/api/control-roles/" + guid, "").statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST   | /api/user-groups                    | {\"name\":5}                       | 400",
        "POST   | /api/user-groups                    | {}                                 | 400",
        "POST   | /api/user-groups                    | {\"name\":\"Default\"}             | 409",
        "POST   | /api/user-groups | {\"name\":\"x\",\"allowed_incomings\":[{\"type\":7}]} | 400",
        "POST   | /api/user-groups | {\"name\":\"x\",\"allowed_incomings\":[{\"type\":2,\"name\":\"y\"}]} | 404",
        "POST   | /api/user-groups | {\"name\":\"x\",\"allowed_outgoings\":{}}              | 400",
        "PATCH  | /api/user-groups/nothing            | {}                                 | 404",
        "DELETE | /api/user-groups/nothing | | 404",
        "POST   | /api/user-groups/nothing            | []                                 | 404",
        "POST   | /api/user-groups/nothing            | {}                                 | 400",
        "POST   | /api/control-roles                  | {\"name\":\"z\",\"permissions\":\"all\"} | 400",
        "POST   | /api/control-roles                  | {\"name\":\"z\",\"permissions\":67108864} | 400",
        "DELETE | /api/control-roles                  |                                    | 400",
        "PUT    | /api/control-roles/enable           | {\"guids\":[1]}                    | 400",
        "DELETE | /api/control-roles/users            | {\"user_guids\":[\"nobody\"]}      | 404",
        "GET    | /api/control-roles/nothing          |                                    | 404",
      })
  void refusesWhatIsWrong(String method, String path, String body, int status) throws Exception {
    HttpResponse<String> answer = call(method, path, body == null ? "" : body);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).startsWith("{\"error\":");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/user-groups",
    "POST, /api/user-groups",
    "PATCH, /api/user-groups/x",
    "DELETE, /api/user-groups/x",
    "POST, /api/user-groups/x",
    "GET, /api/control-roles",
    "POST, /api/control-roles",
    "DELETE, /api/control-roles",
    "PUT, /api/control-roles/enable",
    "DELETE, /api/control-roles/users",
    "GET, /api/control-roles/x",
    "PUT, /api/control-roles/x",
    "POST, /api/control-roles/x/users",
  })
  void isForAdministratorsOnly(String method, String path) throws Exception {
    assertThat(send(base() + path, method, "", carol, "").statusCode()).isEqualTo(403);
    assertThat(send(base() + path, method, "", "", "").statusCode()).isEqualTo(401);
  }

  @ParameterizedTest
  @CsvSource({"/api/users", "/api/peers", "/api/device-group/accessible"})
  void showsThePanelToThoseLoggedInOnly(String path) throws Exception {
    assertThat(send(base() + path, "GET", "", "", "").statusCode()).isEqualTo(401);
    assertThat(send(base() + path + "?current=0", "GET", "", carol, "").statusCode())
        .isEqualTo(400);
    assertThat(send(base() + path, "GET", "", carol, "").body()).startsWith("{\"total\":");
  }
}
