package dev.rallypoint.app.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rallypoint.app.Shell;
import dev.rallypoint.config.AccessMode;
import dev.rallypoint.metrics.Refusal;
import dev.rallypoint.protocol.proto.FetchLocalAddr;
import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.bouncycastle.jcajce.provider.digest.SHA256;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Access on a started node that lets only those in who have access by a rule. */
class PunchAccessTest extends WithApiCalls {
  private static String token;

  @BeforeAll
  static void start() throws Exception {
    start(TestSettings.in(folder).access(AccessMode.STRICT));
    adminWithPassword("create", "bob", "--email", "bob@example.org");
    token = login("bob");
  }

  private static String login(String name) throws Exception {
    return login(name, "desk");
  }

  private static String login(String name, String desk) throws Exception {
    String body = loginBody(name, PASSWORD).replace("\"desk\"", "\"" + desk + "\"");
    return JSON.readTree(post("/api/login", body).body()).path("access_token").asText();
  }

  /** A device that is online, and has told of itself. */
  private static UdpClient device(String id) throws Exception {
    UdpClient device = node.udp().registered(id);
    String uuid = Base64.getEncoder().encodeToString(("uuid of " + id).getBytes(UTF_8));
    assertThat(
            post(
                    "/api/sysinfo",
                    "{\"id\":\"%s\",\"uuid\":\"%s\",\"version\":\"1.4.9\",\"hostname\":\"desk\"}"
                        .formatted(id, uuid))
                .body())
        .isEqualTo("SYSINFO_UPDATED");
    return device;
  }

  private static RendezvousMessage punch(String id, String shown) {
    return RendezvousMessage.newBuilder()
        .setPunchHoleRequest(
            PunchHoleRequest.newBuilder()
                .setId(id)
                .setLicenceKey(node.key().text())
                .setVersion("1.4.9")
                .setToken(shown))
        .build();
  }

  /** What a requester is told, or what the device is. */
  private static String asks(UdpClient device, String id, String shown) {
    try (TcpClient requester = node.control().secured(node.key())) {
      requester.send(punch(id, shown));
      var answer = CompletableFuture.supplyAsync(requester::receive);
      while (!answer.isDone()) {
        if (device.receiveWithin(50).isPresent()) {
          return "let in";
        }
      }
      return answer.join().getPunchHoleResponse().getOtherFailure();
    }
  }

  /** At a pace at which the server passes on what nobody answers. */
  private static ConditionFactory await() {
    return Awaitility.await().pollInterval(Duration.ofSeconds(1));
  }

  private static int admin(String... words) {
    String[] all = new String[words.length + 1];
    all[0] = "admin";
    System.arraycopy(words, 0, all, 1, words.length);
    return run(new Shell(folder), all);
  }

  @Test
  void tellsAStrangerToLogInWhetherTheIdIsThereOrNot() throws Exception {
    try (UdpClient device = device("accdev001")) {
      long before = node.counters().of(Refusal.PUNCH_NOT_LOGGED_IN);
      assertThat(asks(device, "accdev001", ""))
          .isEqualTo(asks(device, "nobodys1", ""))
          .isEqualTo("Not allowed: log in to your account first");
      assertThat(node.counters().of(Refusal.PUNCH_NOT_LOGGED_IN)).isEqualTo(before + 2);
    }
  }

  @Test
  void tellsAUserWithoutAccessTheSameWhetherTheIdIsThereOrNot() throws Exception {
    try (UdpClient device = device("accdev002")) {
      assertThat(asks(device, "accdev002", token))
          .isEqualTo(asks(device, "nobodys2", token))
          .isEqualTo("Not allowed: you have no access to this device");
    }
  }

  @Test
  void letsAUserInByARuleUntilItEnds() throws Exception {
    try (UdpClient device = device("accdev003")) {
      assertThat(admin("allow", "user:bob", "device:accdev003")).isZero();
      await().until(() -> asks(device, "accdev003", token).equals("let in"));
      assertThat(admin("disallow", "user:bob", "device:accdev003")).isZero();
      await()
          .until(
              () -> asks(device, "accdev003", token),
              "Not allowed: you have no access to this device"::equals);
      assertThat(admin("disallow", "user:bob", "device:accdev003")).isOne();
    }
  }

  @Test
  void letsNobodyInByALoginThatHasEnded() throws Exception {
    try (UdpClient device = device("accdev004")) {
      admin("allow", "everyone", "device:accdev004");
      String other = login("bob", "another desk");
      await().until(() -> asks(device, "accdev004", other).equals("let in"));
      assertThat(post("/api/logout", other, "").statusCode()).isEqualTo(200);
      await()
          .until(
              () -> asks(device, "accdev004", other),
              "Not allowed: your login has ended, log in again"::equals);
    }
  }

  @Test
  void tellsTheTargetWhoControlsItAndWhatHeMay() throws Exception {
    try (UdpClient device = device("accdev005")) {
      admin("allow", "user:bob", "device:accdev005");
      admin("role", "default", "keyboard=off", "file=on");
      await().until(() -> asks(device, "accdev005", token).equals("let in"));

      try (TcpClient requester = node.control().secured(node.key())) {
        requester.send(punch("accdev005", token));
        FetchLocalAddr push = device.receive().getFetchLocalAddr();

        assertThat(push.getControlPermissions().getPermissions()).isEqualTo(1 | 2 << 6);
        assertThat(push.getControlledContext().getConnAuditRef()).matches("[A-Za-z0-9_-]{100,128}");
      }
      assertThat(admin("role", "default", "keyboard=perhaps")).isOne();
    }
  }

  @Test
  void showsAUserWhatHeMayControl() throws Exception {
    try (UdpClient device = device("accdev006")) {
      assertThat(admin("allow", "user:bob", "device:accdev006")).isZero();
      await()
          .untilAsserted(() ->
              assertThat(
                      get("/api/peers?current=1&pageSize=100&accessible=&status=1")
                          .findValuesAsText("id"))
                  .contains("accdev006")
                  .doesNotContain("accdev002"));
      JsonNode users = get("/api/users?current=1&pageSize=100&accessible=&status=1");
      assertThat(users.path("total").asInt()).isEqualTo(2);
      assertThat(users.path("data").findValuesAsText("name")).containsExactly("alice", "bob");
      assertThat(get("/api/device-group/accessible?current=1&pageSize=100").toString())
          .isEqualTo("{\"total\":0,\"data\":[]}");
    }
  }

  private static JsonNode get(String path) throws Exception {
    return JSON.readTree(send(base() + path, "GET", "", token, "").body());
  }

  @Test
  void controlsNothingFromANetworkThatIsForbidden() throws Exception {
    try (UdpClient device = device("accdev007")) {
      admin("allow", "user:bob", "device:accdev007");
      await().until(() -> asks(device, "accdev007", token).equals("let in"));
      assertThat(admin("deny-network", "127.0.0.0/8")).isZero();
      await()
          .until(
              () -> asks(device, "accdev007", token),
              "Not allowed: devices may not be controlled from your network"::equals);
      assertThat(admin("networks")).isZero();
      assertThat(admin("forget-network", "127.0.0.0/8")).isZero();
      await().until(() -> asks(device, "accdev007", token).equals("let in"));
    }
  }

  @Test
  void explainsWhoMayControlADevice() throws Exception {
    try (UdpClient device = device("accdev009")) {
      Shell shell = new Shell(folder);
      assertThat(run(shell, "explain", "accdev009", "--user", "bob")).isOne();
      assertThat(run(shell, "explain", "accdev009", "--user", "alice")).isZero();
      assertThat(run(shell, "explain", "accdev009", "--user", "mallory")).isOne();
      assertThat(run(shell, "explain", "accdev009")).isOne();
      assertThat(shell.out())
          .contains("the device is assigned to nobody, and no rule allows it")
          .contains("allowed: logged in as alice; an administrator")
          .contains("there is no user mallory")
          .contains("a requester is told: Not allowed: log in to your account first");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "allow, bob, device:x, 1",
    "allow, user:nobody, device:accdev001, 1",
    "allow, user:bob, device:nobodys-device, 1",
    "allow, user:bob, everyone, 1",
    "allow, user:bob, , 2",
    "allow-network, 10.0.0.0/99, , 1",
    "delete-role, default, , 1",
    "give-role, bob, nothing, 1",
  })
  void refusesWordsThatMeanNothing(String word, String from, String to, int code) {
    assertThat(to == null ? admin(word, from) : admin(word, from, to)).isEqualTo(code);
  }

  @Test
  void takesTheGrantOfADeviceForSwitchedSides() throws Exception {
    try (UdpClient device = device("accdev008")) {
      String verifier =
          Base64.getEncoder()
              .encodeToString(
                  new SHA256.Digest().digest("switch-grant-verifier\0the code".getBytes(UTF_8)));
      String time = Long.toString(System.currentTimeMillis() / 1_000);
      String body =
          """
          {"id":"accdev008","switch_code_verifier":"%s","timestamp":"%s","signature":"%s"}
          """;
      String forged = Base64.getEncoder().encodeToString(new byte[64]);
      assertThat(post("/api/switch-grant", body.formatted(verifier, time, forged)).body())
          .isEqualTo("{\"accepted\":false}");
      assertThat(post("/api/switch-grant", body.formatted(verifier, "1", forged)).body())
          .startsWith("{\"accepted\":false,\"server_time\":");
      assertThat(post("/api/switch-grant", "").body()).isEqualTo("{\"accepted\":false}");
    }
  }
}
