package dev.rallypoint.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rallypoint.app.Shell;
import dev.rallypoint.testing.TestCertificate;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;

/** A node with an API and an administrator, and what asks it over real sockets. */
abstract class WithApiCalls {
  static final ObjectMapper JSON = new ObjectMapper();
  static final String PASSWORD = "correct horse";

  @TempDir static Path folder;
  static TestNode node;
  static HttpClient http;
  static String setupCode;

  /** Starts it, with its ports below and above the ID server's. */
  static void start(TestSettings settings) throws Exception {
    node = TestNode.start(settings.apiPort(true).management());
    http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(TestCertificate.trustingAll())
            .build();
    setupCode = Files.readString(folder.resolve("setup-code")).strip();
    assertThat(form("/setup", setupForm(setupCode, "alice", PASSWORD)).statusCode()).isEqualTo(200);
  }

  @AfterAll
  static void stop() {
    http.close();
    node.close();
  }

  static String setupForm(String code, String name, String password) {
    return "code=%s&name=%s&password=%s&again=%<s"
        .formatted(code, name, password.replace(" ", "+"));
  }

  static HttpResponse<String> form(String path, String body) throws Exception {
    return send(base() + path, "POST", "application/x-www-form-urlencoded", "", body);
  }

  static String base() {
    return "http://127.0.0.1:" + (node.port() - 2);
  }

  static HttpResponse<String> send(
      String url, String method, String type, String token, String body) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url)).method(method, BodyPublishers.ofString(body));
    if (!type.isEmpty()) {
      request.header("Content-Type", type);
    }
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  static HttpResponse<String> post(String path, String body) throws Exception {
    return send(base() + path, "POST", "application/json", "", body);
  }

  static HttpResponse<String> post(String path, String token, String body) throws Exception {
    return send(base() + path, "POST", "application/json", token, body);
  }

  static String loginBody(String name, String password) {
    return """
    {"username":"%s","password":"%s","id":"123456789","uuid":"dXVpZA==","autoLogin":true,
    "type":"account","deviceInfo":{"os":"linux","type":"client","name":"desk"}}
    """
        .formatted(name, password);
  }

  static String token() throws Exception {
    return JSON.readTree(post("/api/login", loginBody("alice", PASSWORD)).body())
        .path("access_token")
        .asText();
  }

  static int run(Shell shell, String... words) {
    shell.environment.put("RALLYPOINT_MANAGEMENT_PORT", Integer.toString(node.port() + 5));
    return shell.run(words);
  }

  /** The command asks for a password, which a test gives by the management port instead. */
  static Shell adminWithPassword(String... words) throws Exception {
    Shell shell = new Shell(folder);
    HttpResponse<String> made =
        send(
            "http://127.0.0.1:" + (node.port() + 5) + "/v1/admin/users",
            "POST",
            "application/json",
            Files.readString(folder.resolve("management-token")).strip(),
            "{\"name\":\"%s\",\"email\":\"%s\",\"password\":\"%s\"}"
                .formatted(words[1], words[3], PASSWORD));
    assertThat(made.body()).contains("made " + words[1]);
    return shell;
  }

  /** Makes a token of a program by the command. */
  static String programToken(String name, String scopes) {
    Shell shell = new Shell(folder);
    assertThat(run(shell, "admin", "api-token", "create", name, "--scopes", scopes)).isZero();
    return shell.out().strip();
  }
}
