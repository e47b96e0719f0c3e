package dev.rallypoint.app.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.app.Shell;
import dev.rallypoint.config.NewIdLimits.Enrolment;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** New devices at a node that has an administrator approve them. */
class EnrolmentLifeTest {
  @TempDir static Path folder;
  private static TestNode node;

  @BeforeAll
  static void start() {
    node =
        TestNode.start(
            TestSettings.in(folder).apiPort(true).management().enrolment(Enrolment.APPROVE));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static Shell admin(String... words) {
    Shell shell = new Shell(folder);
    shell.environment.put("RALLYPOINT_MANAGEMENT_PORT", Integer.toString(node.port() + 5));
    assertThat(shell.run(words)).as(shell.err()).isZero();
    return shell;
  }

  private static Result register(UdpClient client, String id) {
    return client.register(id, "uuid of " + id, id.hashCode());
  }

  @Test
  void registersADeviceOnceItIsApproved() {
    try (UdpClient client = node.udp()) {
      assertThat(register(client, "newdevice1")).isEqualTo(Result.NOT_DEPLOYED);
      assertThat(admin("admin", "devices", "list").out().lines())
          .anyMatch(line -> line.matches("newdevice1 +waiting .*"));
      admin("admin", "devices", "approve", "newdevice1");
      assertThat(register(client, "newdevice1")).isEqualTo(Result.OK);
      assertThat(client.beat("newdevice1")).isFalse();
    }
  }

  @Test
  void registersADeployedDevice() throws Exception {
    String token = admin("admin", "api-token", "create", "rollout").out().strip();
    String body =
        "{\"id\":\"newdevice2\",\"uuid\":\"%s\",\"pk\":\"%s\"}"
            .formatted(
                Base64.getEncoder().encodeToString("uuid of newdevice2".getBytes(UTF_8)),
                Base64.getEncoder().encodeToString(TcpClient.bytes(32, "newdevice2".hashCode())));
    try (HttpClient http = HttpClient.newHttpClient();
        UdpClient client = node.udp()) {
      String answer =
          http.send(
                  HttpRequest.newBuilder(
                          URI.create(
                              "http://127.0.0.1:" + (node.port() - 2) + "/api/devices/deploy"))
                      .header("Authorization", "Bearer " + token)
                      .POST(BodyPublishers.ofString(body))
                      .build(),
                  BodyHandlers.ofString())
              .body();
      assertThat(answer).isEqualTo("{\"result\":\"OK\"}");
      assertThat(register(client, "newdevice2")).isEqualTo(Result.OK);
    }
  }

  @Test
  void hasADeletedDeviceWaitAgain() {
    try (UdpClient client = node.udp()) {
      register(client, "newdevice3");
      admin("admin", "devices", "approve", "newdevice3");
      assertThat(register(client, "newdevice3")).isEqualTo(Result.OK);

      admin("admin", "devices", "delete", "newdevice3");

      await().until(() -> client.beat("newdevice3"));
      assertThat(register(client, "newdevice3")).isEqualTo(Result.NOT_DEPLOYED);
    }
  }
}
