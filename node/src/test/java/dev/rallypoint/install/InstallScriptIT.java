package dev.rallypoint.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.loadtest.environment.FreePorts;
import dev.rallypoint.testing.UdpClient;
import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * One drill: a machine of hbbs gets Rallypoint by its script, all clients are served, a new one
 * comes, and hbbs gets everything back. The tests look at what it left.
 */
@TestInstance(Lifecycle.PER_CLASS)
class InstallScriptIT {
  private static final String NEW = "600000001";

  private HbbsMachine machine;
  private Map<String, List<Object>> before;
  private HbbsMachine.Ran installed;
  private HbbsMachine.Ran back;
  private String settings;
  private String ready;
  private List<String> unknown;

  @BeforeAll
  void drill(@TempDir Path folder) throws Exception {
    machine = new HbbsMachine(folder);
    installed = machine.script("install");
    settings = Files.readString(machine.settings);
    serve();
    before = identities();
    back = machine.script("back-to-hbbs");
  }

  /** The node as its unit starts it, and a heartbeat of each id of hbbs. */
  private void serve() throws Exception {
    int port = FreePorts.first(8) + 2;
    List<String> command = new ArrayList<>(machine.unitCommand());
    command.addAll(List.of("--port", "" + port, "--bind", "127.0.0.1", "--set", "api-port=0"));
    Process node =
        new ProcessBuilder(command)
            .directory(machine.data.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    InetSocketAddress server = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
    try (BufferedReader lines = node.inputReader();
        UdpClient clients = UdpClient.connectedTo(server, 0)) {
      ready = lines.lines().filter(line -> line.startsWith("ready ")).findFirst().orElse("");
      unknown = HbbsMachine.ids().stream().filter(clients::beat).toList();
      clients.registered(NEW);
      node.destroy();
      assertThat(node.waitFor(60, TimeUnit.SECONDS)).as("it stops").isTrue();
    } finally {
      node.destroyForcibly();
    }
  }

  private Map<String, List<Object>> identities() throws Exception {
    Map<String, List<Object>> all = new HashMap<>();
    for (String id : HbbsMachine.ids()) {
      all.put(id, machine.identity(id));
    }
    return all;
  }

  @Test
  void installsAndSaysWhatItMovedAndTheWayBack() {
    assertThat(installed.code()).as(installed.said()).isZero();
    assertThat(installed.said())
        .contains(
            "Moving hbbs over from /opt/rustdesk",
            "stopped and disabled rustdesksignal.service",
            "copied db_v2.sqlite3-wal",
            "install.sh back-to-hbbs");
  }

  @Test
  void takesTheFlagsAndVariablesOfTheUnits() {
    assertThat(settings.lines())
        .contains("key = _", "relay-servers = relay.example:21117", "ALWAYS_USE_RELAY = Y")
        .noneMatch(line -> line.startsWith("RUST_LOG"));
  }

  @Test
  void letsTheDotEnvWinOverTheVariablesOfTheUnit() {
    assertThat(settings).doesNotContain("LIMIT_SPEED");
  }

  @Test
  void servesWithTheKeyOfHbbs() {
    assertThat(ready).endsWith("key=" + HbbsMachine.PAIR.publicKey().text());
  }

  @Test
  void knowsEachIdOfHbbs() {
    assertThat(before).hasSize(HbbsMachine.IDS);
    assertThat(unknown).isEmpty();
  }

  @Test
  void handsEachIdBackAsItWas() throws Exception {
    assertThat(back.code()).as(back.said()).isZero();
    assertThat(before.values()).allSatisfy(identity -> assertThat(identity).hasSize(3));
    assertThat(identities()).isEqualTo(before);
  }

  @Test
  void handsBackTheIdsThatCameMeanwhile() throws Exception {
    assertThat(machine.identity(NEW)).hasSize(3);
  }

  @Test
  void handsBackTheKey() {
    assertThat(machine.hbbs.resolve("id_ed25519")).hasContent(HbbsMachine.PAIR.secretText());
  }

  @Test
  void leavesTheOldDatabaseBesideTheNewOne() throws Exception {
    try (var files = Files.list(machine.hbbs)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .anyMatch(name -> name.matches("db_v2\\.sqlite3\\.\\d{8}-\\d{6}"));
    }
  }

  @Test
  void stopsOneBeforeItStartsTheOther() throws Exception {
    assertThat(machine.systemctl())
        .containsExactly(
            "disable rustdesksignal.service",
            "disable rustdeskrelay.service",
            "enable rallypoint.service",
            "disable rallypoint.service",
            "enable rustdesksignal.service",
            "enable rustdeskrelay.service");
  }

  @Test
  void movesNothingIntoAFolderWithAnotherKey(@TempDir Path folder) throws Exception {
    HbbsMachine other = new HbbsMachine(folder);
    Files.createDirectories(other.data);
    Files.writeString(other.data.resolve("id_ed25519"), "another");

    HbbsMachine.Ran ran = other.script("from-hbbs");

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.said()).contains("has a key pair or ids already").hasLineCount(1);
    assertThat(other.systemctl()).isEmpty();
    assertThat(other.data.resolve("id_ed25519")).hasContent("another");
  }

  @Test
  void keepsTheSecretKeyFromOthers(@TempDir Path folder) throws Exception {
    HbbsMachine other = new HbbsMachine(folder);

    HbbsMachine.Ran ran = other.script("from-hbbs");

    assertThat(ran.code()).as(ran.said()).isZero();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(other.data)))
        .isEqualTo("rwx------");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(other.data.resolve("id_ed25519"))))
        .isEqualTo("rw-------");
  }
}
