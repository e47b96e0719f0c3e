package dev.rallypoint.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;

/** Two users of a node, the first of whom is an administrator, and their address books. */
abstract class WithBooks extends WithApiNode {
  static String alice;
  static String bob;

  @BeforeAll
  static void logIn() throws Exception {
    adminWithPassword("create", "bob", "--email", "bob@example.org");
    alice = token();
    bob =
        JSON.readTree(post("/api/login", loginBody("bob", PASSWORD)).body())
            .path("access_token")
            .asText();
  }

  static HttpResponse<String> call(String method, String path, String token, String body)
      throws Exception {
    return send(base() + path, method, "application/json", token, body);
  }

  static JsonNode json(String method, String path, String token, String body) throws Exception {
    HttpResponse<String> response = call(method, path, token, body);
    assertThat(response.statusCode()).isEqualTo(200);
    return JSON.readTree(response.body());
  }

  /** What clients take for success. */
  static void assertDone(HttpResponse<String> response) {
    assertThat(response.body()).isEmpty();
    assertThat(response.statusCode()).isEqualTo(200);
  }

  static void assertRefused(int status, HttpResponse<String> response) throws Exception {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(JSON.readTree(response.body()).path("error").asText()).isNotEmpty();
  }

  static String personal(String token) throws Exception {
    return json("POST", "/api/ab/personal", token, "").path("guid").asText();
  }

  /** A new shared book of bob; its name is new too. */
  static String sharedBook() throws Exception {
    String name = "Book " + UUID.randomUUID();
    assertDone(
        call("POST", "/api/ab/shared/add", bob, "{\"name\":\"" + name + "\",\"note\":null}"));
    return json("GET", "/api/ab/shared/profiles?name=" + name.replace(" ", "+"), bob, "")
        .path("data")
        .path(0)
        .path("guid")
        .asText();
  }
}
