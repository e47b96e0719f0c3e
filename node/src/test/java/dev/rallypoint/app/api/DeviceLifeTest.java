package dev.rallypoint.app.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import dev.rallypoint.app.Shell;
import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.protocol.proto.PunchHoleResponse;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.UdpClient;
import java.net.http.HttpResponse;
import java.util.Base64;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The life of devices, and what administrators and their scripts do to them, over real sockets. */
class DeviceLifeTest extends WithApiNode {
  private static final String INCOMING = "{\"allowed_incomings\":[{\"type\":2,\"name\":\"%s\"}]}";

  private static String token;

  @BeforeAll
  static void makeTokens() throws Exception {
    token = programToken("scripts", "device:rw,device-group:rw");
    programToken("reader", "device:r");
  }

  private static HttpResponse<String> call(String method, String path, String body)
      throws Exception {
    return send(base() + path, method, "application/json", token, body);
  }

  private static JsonNode devices(String query) throws Exception {
    HttpResponse<String> response = call("GET", "/api/devices?" + query, "");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }

  private static String guid(String id) {
    return await()
        .until(
            () -> devices("id=" + id).path("data").path(0).path("guid").asText(""),
            guid -> guid.length() == 36);
  }

  private static void done(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
  }

  private static void order(String id, String order) throws Exception {
    done(call("POST", "/api/devices/" + guid(id) + "/" + order, ""));
  }

  private static void assign(String id, String type, String value) throws Exception {
    done(
        call(
            "POST",
            "/api/devices/" + guid(id) + "/assign",
            "{\"type\":\"%s\",\"value\":\"%s\"}".formatted(type, value)));
  }

  private static String facts(String id, String more) {
    return "{\"id\":\"%s\",\"uuid\":\"%s\",\"hostname\":\"host-%1$s\",\"os\":\"linux / x\"%s}"
        .formatted(id, uuid(id), more);
  }

  private static String uuid(String id) {
    return Base64.getEncoder().encodeToString(("uuid of " + id).getBytes(UTF_8));
  }

  private static UdpClient registered(String id) {
    return node.udp().registered(id);
  }

  private static PunchHoleResponse dial(String target) {
    try (TcpClient requester = node.control().plain()) {
      return requester
          .send(
              RendezvousMessage.newBuilder()
                  .setPunchHoleRequest(
                      PunchHoleRequest.newBuilder().setId(target).setLicenceKey(node.key().text()))
                  .build())
          .receive()
          .getPunchHoleResponse();
    }
  }

  @Test
  void listsADeviceThatHasRegisteredOnly() throws Exception {
    try (UdpClient client = registered("lifedevice1")) {
      String guid = guid("lifedevice1");
      JsonNode page = devices("id=lifedevice1&current=1&pageSize=50");
      JsonNode device = page.path("data").path(0);
      assertThat(page.path("total").isInt()).isTrue();
      assertThat(page.path("total").asInt()).isOne();
      assertThat(guid).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
      assertThat(device.path("last_online").asText())
          .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}");
      assertThat(device.path("status").asInt()).isOne();
      assertThat(device.path("user_name").asText()).isEmpty();
      assertThat(devices("id=lifedevice1&current=2").path("data")).isEmpty();
    }
  }

  @Test
  void refusesADisabledDeviceUntilItIsEnabled() throws Exception {
    try (UdpClient client = registered("lifedevice2")) {
      order("lifedevice2", "disable");

      await().until(() -> client.beat("lifedevice2"));
      assertThat(client.register("lifedevice2", "uuid of lifedevice2", "lifedevice2".hashCode()))
          .isEqualTo(Result.NOT_SUPPORT);
      assertThat(dial("lifedevice2").getOtherFailure())
          .isEqualTo("Not allowed: this device is disabled");

      order("lifedevice2", "enable");
      client.registered("lifedevice2");
      assertThat(client.beat("lifedevice2")).isFalse();
    }
  }

  @Test
  void bringsADeletedDeviceBackWhenItTellsOfItself() throws Exception {
    try (UdpClient client = registered("lifedevice3")) {
      assign("lifedevice3", "note", "a note");
      post("/api/sysinfo", facts("lifedevice3", ""));
      done(call("DELETE", "/api/devices/" + guid("lifedevice3"), ""));
      assertThat(devices("id=lifedevice3").path("total").asInt()).isZero();

      await()
          .until(
              () -> post("/api/heartbeat", facts("lifedevice3", "")).body(),
              "{\"sysinfo\":true}"::equals);
      assertThat(post("/api/sysinfo", facts("lifedevice3", "")).body())
          .isEqualTo("SYSINFO_UPDATED");

      JsonNode back = devices("id=lifedevice3").path("data").path(0);
      assertThat(back.path("note").asText()).isEmpty();
      assertThat(back.path("device_name").asText()).isEqualTo("host-lifedevice3");
    }
  }

  @Test
  void takesAUserAlongWhenADeviceChangesItsId() throws Exception {
    try (UdpClient client = registered("lifedevice4");
        TcpClient change = node.control().plain()) {
      assign("lifedevice4", "user_name", "alice");
      Result result =
          change
              .send(
                  RendezvousMessage.newBuilder()
                      .setRegisterPk(
                          RegisterPk.newBuilder()
                              .setOldId("lifedevice4")
                              .setId("lifedevice4b")
                              .setUuid(ByteString.copyFromUtf8("uuid of lifedevice4")))
                      .build())
              .receive()
              .getRegisterPkResponse()
              .getResult();
      assertThat(result).isEqualTo(Result.OK);
      assertThat(devices("id=lifedevice4").path("total").asInt()).isZero();
      assertThat(devices("user_name=ALICE&id=lifedevice4%25").path("data").path(0).path("id"))
          .hasToString("\"lifedevice4b\"");
    }
  }

  @Test
  void givesADeviceWhatItAsksForOnceAndOnlyByItsUuid() throws Exception {
    try (UdpClient client = registered("lifedevice5")) {
      done(call("POST", "/api/device-groups", "{\"name\":\"Presets\",\"note\":\"n\"}"));
      post("/api/strategies", token(), "{\"name\":\"Strict\"}");
      String presets =
          ",\"preset-user-name\":\"alice\",\"preset-device-group-name\":\"presets\""
              + ",\"preset-note\":\"from the image\",\"preset-strategy-name\":\"strict\""
              + ",\"preset-address-book-name\":\"none\"";
      assertThat(
              post(
                      "/api/sysinfo",
                      facts("lifedevice5", presets).replace(uuid("lifedevice5"), "eHh4"))
                  .statusCode())
          .isEqualTo(403);
      post("/api/sysinfo", facts("lifedevice5", presets));
      JsonNode device = devices("id=lifedevice5").path("data").path(0);
      assertThat(device.path("user_name").asText()).isEqualTo("alice");
      assertThat(device.path("device_group_name").asText()).isEqualTo("Presets");
      assertThat(device.path("note").asText()).isEqualTo("from the image");
      assertThat(device.path("strategy_name").asText()).isEqualTo("Strict");

      post("/api/sysinfo", facts("lifedevice5", presets.replace("from the image", "another")));

      assertThat(devices("id=lifedevice5").path("data").path(0).path("note").asText())
          .isEqualTo("from the image");
    }
  }

  @Test
  void assignsByTheClientsCommand() throws Exception {
    try (UdpClient client = registered("lifedevice6")) {
      guid("lifedevice6");
      String body = facts("lifedevice6", ",\"user_name\":\"alice\",\"device_name\":\"Till 6\"");
      done(call("POST", "/api/devices/cli", body));
      JsonNode device = devices("id=lifedevice6").path("data").path(0);
      assertThat(device.path("user_name").asText()).isEqualTo("alice");
      assertThat(device.path("device_name").asText()).isEqualTo("Till 6");

      HttpResponse<String> foreign =
          call("POST", "/api/devices/cli", body.replace(uuid("lifedevice6"), "eHh4"));
      HttpResponse<String> nobody =
          call("POST", "/api/devices/cli", body.replace("\"alice\"", "\"nobody\""));
      assertThat(foreign.statusCode()).isEqualTo(404);
      assertThat(nobody.body()).isEqualTo("{\"error\":\"there is no user nobody\"}");
    }
  }

  @Test
  void keepsGroupsOfDevices() throws Exception {
    try (UdpClient client = registered("lifedevice8")) {
      guid("lifedevice8");
      done(call("POST", "/api/device-groups", "{\"name\":\"Tills\"}"));
      JsonNode group = groups("name=tills").path("data").path(0);
      String path = "/api/device-groups/" + group.path("guid").asText();
      done(call("POST", path, "[\"lifedevice8\"]"));
      done(call("PATCH", path, "{\"name\":\"Shops\",\"note\":\"new\"}"));
      assertThat(devices("device_group_name=shops").path("total").asInt()).isOne();
      done(call("DELETE", path + "/devices", "[\"lifedevice8\",\"not there\"]"));
      assertThat(devices("device_group_name=shops").path("total").asInt()).isZero();
      assertThat(groups("name=sho%25").path("data").path(0))
          .isEqualTo(
              JSON.readTree(
                  """
                  {"guid":"%s","name":"Shops","note":"new","devices":0,"allowed_incomings":[]}
                  """
                      .formatted(group.path("guid").asText())));
      done(call("PATCH", path, INCOMING.formatted("alice")));
      assertThat(groups("name=shops").path("data").path(0).path("allowed_incomings"))
          .isEqualTo(JSON.readTree("[{\"type\":2,\"name\":\"alice\"}]"));
      done(call("DELETE", path, ""));
      assertThat(groups("name=shops").path("total").asInt()).isZero();
      assertThat(call("DELETE", path, "").statusCode()).isEqualTo(404);
    }
  }

  private static JsonNode groups(String query) throws Exception {
    return JSON.readTree(call("GET", "/api/device-groups?" + query, "").body());
  }

  @Test
  void showsAndChangesDevicesByCommands() {
    try (UdpClient client = registered("lifedevice9")) {
      guid("lifedevice9");
      Shell shell = new Shell(folder);
      assertThat(run(shell, "admin", "devices", "add-group", "Kiosks")).isZero();
      assertThat(
              run(
                  shell,
                  "admin",
                  "devices",
                  "assign",
                  "lifedevice9",
                  "device_group_name",
                  "kiosks"))
          .isZero();
      assertThat(run(shell, "admin", "devices", "disable", "lifedevice9")).isZero();
      assertThat(run(shell, "admin", "devices", "list", "--group", "Kiosks")).isZero();
      assertThat(run(shell, "admin", "devices", "groups")).isZero();
      assertThat(run(shell, "admin", "devices", "delete", "lifedevice9")).isZero();
      assertThat(run(shell, "admin", "devices", "delete", "lifedevice9")).isOne();
      assertThat(run(shell, "admin", "devices", "delete-group", "Kiosks")).isZero();
      assertThat(run(shell, "admin", "devices", "frobnicate")).isEqualTo(2);
      assertThat(run(shell, "admin", "devices", "enable")).isEqualTo(2);
      assertThat(run(shell, "admin", "api-token", "list")).isZero();
      assertThat(run(shell, "admin", "api-token", "create", "x", "--scopes", "all")).isOne();
      assertThat(run(shell, "admin", "api-token", "delete", "not there")).isOne();

      assertThat(shell.out().lines())
          .anyMatch(line -> line.matches("lifedevice9 +disabled +Kiosks .*"))
          .anyMatch(line -> line.matches("Kiosks +1"))
          .anyMatch(line -> line.matches("reader +device:r .*"));
      assertThat(shell.out()).doesNotContain("rpa_");
      assertThat(shell.err()).contains("there is no device lifedevice9");
    }
  }

  @Test
  void knowsNoTokenThatWasEnded() throws Exception {
    String ended = programToken("ended", "device:rw");
    assertThat(run(new Shell(folder), "admin", "api-token", "delete", "ended")).isZero();
    HttpResponse<String> response = send(base() + "/api/devices", "GET", "", ended, "");
    assertThat(response.statusCode()).isEqualTo(401);
  }
}
