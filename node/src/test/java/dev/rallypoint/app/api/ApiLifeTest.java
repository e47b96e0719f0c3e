package dev.rallypoint.app.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import dev.rallypoint.app.Shell;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.proto.HeaderEntry;
import dev.rallypoint.protocol.proto.HttpProxyRequest;
import dev.rallypoint.protocol.proto.HttpProxyResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.UdpClient;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A client's life with the API of one node, over real sockets. */
class ApiLifeTest extends WithApiNode {
  @Test
  void logsAClientIn() throws Exception {
    HttpResponse<String> response = post("/api/login", loginBody("Alice", PASSWORD));

    assertThat(response.statusCode()).isEqualTo(200);
    JsonNode answer = JSON.readTree(response.body());
    assertThat(answer.path("access_token").asText()).startsWith("rpc_");
    assertThat(answer)
        .isEqualTo(
            JSON.readTree(
                """
                {"type":"access_token","access_token":"%s","user":{"name":"alice",
                "display_name":"","email":"","note":"","status":1,"is_admin":true,"info":{}}}
                """
                    .formatted(answer.path("access_token").asText())));
  }

  @Test
  void tellsWhoIsLoggedInUntilTheLogout() throws Exception {
    String token = token();
    HttpResponse<String> current = post("/api/currentUser", token, "{\"id\":\"123456789\"}");
    HttpResponse<String> logout = post("/api/logout", token, "{\"id\":\"123456789\"}");
    HttpResponse<String> after = post("/api/currentUser", token, "");

    assertThat(current.statusCode()).isEqualTo(200);
    assertThat(JSON.readTree(current.body()).path("name").asText()).isEqualTo("alice");
    assertThat(logout.statusCode()).isEqualTo(200);
    assertThat(logout.body()).isEmpty();
    assertThat(after.statusCode()).isEqualTo(401);
    assertThat(after.body()).isEqualTo("{\"error\":\"Your login has ended, log in again\"}");
  }

  @Test
  void hasNoOtherWayToLogInThanByPassword() throws Exception {
    HttpResponse<String> response = send(base() + "/api/login-options", "GET", "", "", "");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("[]");
    assertThat(response.headers().firstValue("content-type")).contains("application/json");
  }

  @Test
  void refusesAWrongPasswordWithoutA401() throws Exception {
    HttpResponse<String> response = post("/api/login", loginBody("carol", "wrong horse"));
    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(response.body()).isEqualTo("{\"error\":\"Wrong username or password\"}");
  }

  @Test
  void asksForTheCodeOfASecondFactor() throws Exception {
    Shell shell = new Shell(folder);
    shell.environment.put("RALLYPOINT_MANAGEMENT_PORT", Integer.toString(node.port() + 5));
    Shell made = adminWithPassword("create", "dave", "--email", "dave@example.org");
    assertThat(made.err()).isEmpty();
    assertThat(run(shell, "admin", "totp", "dave")).isZero();
    String backup = shell.out().lines().reduce((first, second) -> second).orElseThrow().strip();

    JsonNode asked = JSON.readTree(post("/api/login", loginBody("dave", PASSWORD)).body());
    String secret = asked.path("secret").asText();
    HttpResponse<String> done =
        post(
            "/api/login",
            """
            {"type":"email_code","verificationCode":"%s","tfaCode":"%<s","secret":"%s",
            "username":"dave","id":"123456789","uuid":"dXVpZA=="}
            """
                .formatted(backup, secret));

    assertThat(asked)
        .isEqualTo(
            JSON.readTree(
                """
                {"type":"email_check","tfa_type":"tfa_check","secret":"%s",
                "user":{"name":"dave","email":"d***@example.org"}}
                """
                    .formatted(secret)));
    assertThat(JSON.readTree(done.body()).path("type").asText()).isEqualTo("access_token");
  }

  @Test
  void showsAndChangesUsersByCommands() throws Exception {
    adminWithPassword("create", "erin", "--email", "erin@example.org");
    Shell shell = new Shell(folder);

    assertThat(run(shell, "admin", "add-group", "Support")).isZero();
    assertThat(run(shell, "admin", "move", "erin", "support")).isZero();
    assertThat(run(shell, "admin", "disable", "erin")).isZero();
    assertThat(run(shell, "admin", "list")).isZero();
    assertThat(run(shell, "admin", "delete-group", "Support")).isOne();
    assertThat(run(shell, "admin", "delete", "erin")).isZero();
    assertThat(run(shell, "admin", "delete", "erin")).isOne();
    assertThat(run(shell, "admin", "setup-code")).isOne();
    assertThat(run(shell, "admin", "frobnicate")).isEqualTo(2);

    assertThat(shell.out().lines())
        .anyMatch(line -> line.matches("erin +Support +- +disabled +off +0 .*"))
        .anyMatch(line -> line.matches("alice +Default +yes +enabled .*"));
    assertThat(shell.err())
        .contains("there is no group Support, or users are in it")
        .contains("there is no user erin")
        .contains("there is an administrator already");
  }

  @Test
  void makesTheUserOfAnInvitation() throws Exception {
    Shell shell = new Shell(folder);
    assertThat(run(shell, "admin", "invite", "frank")).isZero();
    String code = shell.out().lines().reduce((first, second) -> second).orElseThrow();

    HttpResponse<String> done =
        form(
            "/invite",
            "code="
                + code.replace("code:", "").strip()
                + "&password=franks+horse"
                + "&again=franks+horse");

    assertThat(done.statusCode()).isEqualTo(200);
    assertThat(done.headers().firstValue("content-security-policy")).isPresent();
    assertThat(post("/api/login", loginBody("frank", "franks horse")).statusCode()).isEqualTo(200);
  }

  @Test
  void takesTheSetupCodeOnceAndRemovesItsFile() throws Exception {
    HttpResponse<String> again = form("/setup", setupForm(setupCode, "mallory", PASSWORD));
    assertThat(again.statusCode()).isEqualTo(400);
    assertThat(again.body()).contains("the set-up code is wrong");
    assertThat(folder.resolve("setup-code")).doesNotExist();
  }

  private static String deviceBody(String id) {
    return "{\"id\":\"%s\",\"uuid\":\"%s\",\"version\":\"1.4.9\",\"hostname\":\"desk\"}"
        .formatted(id, Base64.getEncoder().encodeToString(("uuid of " + id).getBytes(UTF_8)));
  }

  @Test
  void takesWhatARegisteredDeviceTellsOfItself() throws Exception {
    try (UdpClient client = node.udp()) {
      client.registered("apidevice1");
    }
    HttpResponse<String> told = post("/api/sysinfo", deviceBody("apidevice1"));
    HttpResponse<String> beat = post("/api/heartbeat", deviceBody("apidevice1"));

    assertThat(told.statusCode()).isEqualTo(200);
    assertThat(told.body()).isEqualTo("SYSINFO_UPDATED");
    assertThat(beat.statusCode()).isEqualTo(200);
    assertThat(beat.body()).isEqualTo("{}");
  }

  @Test
  void doesNotKnowADeviceThatHasNotRegistered() throws Exception {
    assertThat(post("/api/sysinfo", deviceBody("apidevice2")).body()).isEqualTo("ID_NOT_FOUND");
    assertThat(post("/api/heartbeat", deviceBody("apidevice2")).body()).isEqualTo("{}");
  }

  @Test
  void takesNothingOfADeviceWithAnotherUuid() throws Exception {
    try (UdpClient client = node.udp()) {
      client.registered("apidevice3");
    }
    long dropped = node.counters().of(DropReason.API_UUID);

    HttpResponse<String> told =
        post("/api/sysinfo", deviceBody("apidevice3").replace("dXVpZ", "eHVpZ"));

    assertThat(told.statusCode()).isEqualTo(403);
    assertThat(node.counters().of(DropReason.API_UUID)).isGreaterThan(dropped);
  }

  @Test
  void answersTheVersionOfWhatItKnows() throws Exception {
    assertThat(post("/api/sysinfo_ver", "").body()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {-2, 4})
  void answersInTlsToo(int port) throws Exception {
    HttpResponse<String> response =
        send(
            "https://localhost:" + (node.port() + port) + "/api/login",
            "POST",
            "application/json",
            "",
            loginBody("alice", PASSWORD));
    assertThat(response.statusCode()).isEqualTo(200);
  }

  private static HttpProxyResponse call(String method, String path, String token, String body) {
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
    HttpProxyResponse login = call("POST", "/api/login", "", loginBody("alice", PASSWORD));
    String token = JSON.readTree(login.getBody().toStringUtf8()).path("access_token").asText();
    HttpProxyResponse current = call("post", "/api/currentUser?x=1", token, "{}");
    HttpProxyResponse logout = call("POST", "/api/logout", token, "{}");
    HttpProxyResponse after = call("POST", "/api/currentUser", token, "{}");

    assertThat(login.getStatus()).isEqualTo(200);
    assertThat(login.getError()).isEmpty();
    assertThat(login.getHeaders(0).getName().toLowerCase(Locale.ROOT)).isEqualTo("content-type");
    assertThat(JSON.readTree(current.getBody().toStringUtf8()).path("name").asText())
        .isEqualTo("alice");
    assertThat(logout.getStatus()).isEqualTo(200);
    assertThat(after.getStatus()).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/setup", "/invite", "/v1/node", "/metrics", "/", "", "/api"})
  void answersOnlyWhatClientsCallOverTheIdServersPort(String path) {
    HttpProxyResponse response = call("GET", path, "", "");
    assertThat(response.getStatus()).isEqualTo(404);
    assertThat(response.getBody().toStringUtf8()).contains("this server has no API");
  }

  @Test
  void writesNoSecretIntoItsLog() throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger("dev.rallypoint");
    ListAppender<ILoggingEvent> events = new ListAppender<>();
    events.start();
    logger.addAppender(events);
    logger.setLevel(Level.TRACE);
    String token = token();
    post("/api/currentUser", token, "{}");
    post("/api/login", loginBody("carol", "a wrong but secret password"));
    logger.warn("the end");
    logger.detachAppender(events);
    logger.setLevel(null);

    assertThat(List.copyOf(events.list).toString())
        .contains("the end")
        .doesNotContain(token, "a wrong but secret password", PASSWORD, "$argon2id$");
  }
}
