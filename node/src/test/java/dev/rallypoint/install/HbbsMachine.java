package dev.rallypoint.install;

import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.testing.HbbsFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A root folder as hbbs's installation script leaves one: units of systemd, the folder of keys and
 * ids. systemctl is a script that writes down what it was told.
 */
final class HbbsMachine {
  static final SigningKey PAIR = SigningKey.generate(new Random(16));
  static final int IDS = 300;

  private static final Path SCRIPT = Path.of("target", "rallypoint", "install.sh").toAbsolutePath();

  final Path root;
  final Path hbbs;
  final Path data;
  final Path settings;
  private final Path programs;
  private final Path told;

  HbbsMachine(Path folder) throws Exception {
    root = Files.createDirectories(folder.resolve("root"));
    hbbs = Files.createDirectories(root.resolve("opt/rustdesk"));
    data = root.resolve("var/lib/rallypoint");
    settings = root.resolve("etc/rallypoint/rallypoint.ini");
    programs = Files.createDirectories(folder.resolve("programs"));
    told = folder.resolve("systemctl.log");
    Path systemctl =
        Files.writeString(
            programs.resolve("systemctl"),
            "#!/bin/sh\nshift\necho \"$@\" >>'%s'\n".formatted(told));
    if (!systemctl.toFile().setExecutable(true)) {
      throw new IOException(systemctl + " cannot be made executable");
    }
    writeUnits();
    Files.writeString(hbbs.resolve("id_ed25519"), PAIR.secretText());
    Files.writeString(hbbs.resolve("id_ed25519.pub"), PAIR.publicKey().text());
    Files.writeString(hbbs.resolve(".env"), "LIMIT_SPEED=16\n");
    writeIds(folder);
  }

  private void writeUnits() throws IOException {
    Path units = Files.createDirectories(root.resolve("etc/systemd/system"));
    String unit =
        """
        [Service]
        LimitNOFILE=1000000
        ExecStart=/opt/rustdesk/%s
        WorkingDirectory=/opt/rustdesk/
        Restart=always
        """;
    Files.writeString(units.resolve("rustdeskrelay.service"), unit.formatted("hbbr -k _"));
    Files.writeString(
        units.resolve("rustdesksignal.service"),
        unit.formatted("hbbs -k _ \\\n  -r relay.example:21117"));
    Path added = Files.createDirectories(units.resolve("rustdesksignal.service.d"));
    Files.writeString(
        added.resolve("override.conf"),
        "[Service]\nEnvironment=\"ALWAYS_USE_RELAY=Y\" LIMIT_SPEED=8 RUST_LOG=debug\n");
  }

  /** The newest ids are in the write-ahead log, as after a kill. */
  private void writeIds(Path folder) throws Exception {
    Path running = Files.createDirectories(folder.resolve("running"));
    try (HbbsFile file = new HbbsFile(running.resolve("db_v2.sqlite3"))) {
      file.execute("pragma journal_mode = wal");
      file.createSchema();
      for (String id : ids()) {
        byte[] uuid = ("uuid of " + id).getBytes(StandardCharsets.UTF_8);
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) id.hashCode());
        file.insert(id, uuid, key, "{\"ip\":\"127.0.0.1\"}");
      }
      Files.copy(running.resolve("db_v2.sqlite3"), hbbs.resolve("db_v2.sqlite3"));
      Files.copy(running.resolve("db_v2.sqlite3-wal"), hbbs.resolve("db_v2.sqlite3-wal"));
    }
  }

  static List<String> ids() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < IDS; i++) {
      ids.add(String.valueOf(500_000_000 + i));
    }
    return ids;
  }

  /** An id's uuid and key as hbbs reads them from its folder. */
  List<Object> identity(String id) throws Exception {
    try (HbbsFile file = new HbbsFile(hbbs.resolve("db_v2.sqlite3")).createSchema()) {
      return file.row("select hex(guid), hex(uuid), hex(pk) from peer where id = ?", id);
    }
  }

  /** What the script was told to do, with its exit code and what it printed. */
  record Ran(int code, String said) {}

  Ran script(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("sh", SCRIPT.toString()));
    command.addAll(List.of(words));
    command.addAll(List.of("--root", root.toString()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    environment.put("PATH", programs + ":" + environment.get("PATH"));
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ran(process.waitFor(), said);
  }

  /** The command of the unit that was installed, its paths below the root. */
  List<String> unitCommand() throws IOException {
    return Files.readAllLines(root.resolve("etc/systemd/system/rallypoint.service")).stream()
        .filter(line -> line.startsWith("ExecStart="))
        .flatMap(line -> Arrays.stream(line.replaceFirst("^ExecStart=", "").split(" ")))
        .map(word -> word.startsWith("/") ? root + word : word)
        .toList();
  }

  /** What systemctl was told, in order. */
  List<String> systemctl() throws IOException {
    return Files.exists(told) ? Files.readAllLines(told) : List.of();
  }
}
