package dev.rallypoint.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rallypoint.loadtest.environment.FreePorts;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The image's commands with the packaged distribution, and the files for compose and swarm. */
class DockerFilesIT {
  private static final Path FOLDER = Path.of("..", "docker");
  private static final Path DISTRIBUTION = Path.of("target", "rallypoint").toAbsolutePath();

  /** A flag by which each Java ends before it begins. */
  private static final String NO_JAVA = "-XX:NoSuchFlag";

  private static final String SECRET = "/run/secrets/rallypoint_settings";

  @TempDir private Path data;

  /** The words that an instruction of the Dockerfile gives as a list. */
  private static List<String> words(String instruction) throws IOException {
    return words("Dockerfile", "^" + instruction + ".*\\[(.*)]$");
  }

  /** The words of the list that a pattern finds. */
  private static List<String> words(String file, String pattern) throws IOException {
    Matcher line =
        Pattern.compile("(?m)" + pattern).matcher(Files.readString(FOLDER.resolve(file)));
    assertThat(line.find()).as(pattern).isTrue();
    return Arrays.stream(line.group(1).split(","))
        .map(word -> word.strip().replace("\"", ""))
        .toList();
  }

  /** A port of an ID server whose other ports are free too, from the API's to the management's. */
  private static int freePort() throws IOException {
    return FreePorts.first(7) + 2;
  }

  /** A process as the image starts it: its folder on the path, {@code /data} a folder of here. */
  private Process start(List<String> words, Map<String, String> variables) throws IOException {
    List<String> here =
        words.stream()
            .map(word -> word.equals("/data") ? data.toString() : word)
            .map(word -> word.equals(SECRET) ? data.resolve("settings.ini").toString() : word)
            .toList();
    ProcessBuilder builder =
        new ProcessBuilder(here)
            .directory(data.toFile())
            .redirectError(data.resolve("log").toFile());
    Map<String, String> environment = builder.environment();
    environment.put("PATH", DISTRIBUTION.resolve("bin") + ":" + environment.get("PATH"));
    environment.putAll(variables);
    List<String> found = new ArrayList<>(builder.command());
    // A process is looked for on the path of its parent.
    found.set(0, program(found.getFirst()).toString());
    return builder.command(found).start();
  }

  /** What the process has logged. */
  private String logged() {
    try {
      return Files.readString(data.resolve("log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** A program of the image; its entry point with the mounts of no container. */
  private Path program(String name) throws IOException {
    if (!name.equals("entrypoint")) {
      return DISTRIBUTION.resolve("bin").resolve(name);
    }
    String script = Files.readString(FOLDER.resolve(name));
    Path copy = data.resolve(name);
    Files.writeString(copy, script.replace("/proc/self/mountinfo", "/dev/null"));
    assertThat(copy.toFile().setExecutable(true)).isTrue();
    return copy;
  }

  private static Map<String, String> variables(int port) {
    return Map.of("PORT", String.valueOf(port), "BIND", "127.0.0.1");
  }

  /** The exit code of the image's health check, where no Java starts: that would cost a second. */
  private int health(int port) throws IOException, InterruptedException {
    Map<String, String> variables = new HashMap<>(variables(port));
    variables.put("JAVA_TOOL_OPTIONS", NO_JAVA);
    return start(words("HEALTHCHECK"), variables).waitFor();
  }

  @Test
  void theStacksHealthCheckReadsTheSettingsOfItsNode() throws Exception {
    int port = freePort();
    Files.writeString(data.resolve("settings.ini"), "port = " + port + "\nbind = 127.0.0.1\n");
    List<String> command = new ArrayList<>(words("ENTRYPOINT"));
    command.addAll(words("stack.yaml", "^    command: \\[(.*)]$"));
    Process node = start(command, Map.of());
    try (BufferedReader lines = node.inputReader()) {
      assertThat(lines.lines().anyMatch(line -> line.startsWith("ready id=" + port)))
          .as(() -> "ready: " + logged())
          .isTrue();
      List<String> check = words("stack.yaml", "^      test: \\[\"CMD\", (.*)]$");
      assertThat(start(check, Map.of("JAVA_TOOL_OPTIONS", NO_JAVA)).waitFor())
          .as("health")
          .isZero();
    } finally {
      node.destroy();
      assertThat(node.waitFor(60, TimeUnit.SECONDS)).as("it stops").isTrue();
    }
  }

  @Test
  void theImagesCommandServesAndItsHealthCheckTellsUntilItIsStopped() throws Exception {
    int port = freePort();
    List<String> command = new ArrayList<>(words("ENTRYPOINT"));
    command.addAll(words("CMD"));
    Process node = start(command, variables(port));
    try (BufferedReader lines = node.inputReader()) {
      assertThat(lines.lines().anyMatch(line -> line.startsWith("ready id=" + port)))
          .as(() -> "ready: " + logged())
          .isTrue();
      assertThat(health(port)).as("health of a node that is ready").isZero();

      node.destroy();

      assertThat(node.waitFor(60, TimeUnit.SECONDS)).as("it stops").isTrue();
      assertThat(node.exitValue()).isZero();
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(health(port)).as("health of a node gone").isEqualTo(1));
    } finally {
      node.destroyForcibly();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"compose.yaml", "compose.host.yaml", "stack.yaml"})
  void dockerReadsTheFilesForComposeAndSwarm(String file) throws Exception {
    assertThat(stackConfig(file))
        .contains("stop_grace_period:", "read_only: true", "max-size: 10m", "memory: ")
        .contains("cap_drop:\n      - ALL");
  }

  @Test
  void theNodesOfTheStackAreNamedByTheirMachines() throws Exception {
    assertThat(stackConfig("stack.yaml", Map.of("RELAY_NAME", "{{.Node.Hostname}}.example.org")))
        .contains("RALLYPOINT_RELAY_NAME: '{{.Node.Hostname}}.example.org'")
        .contains("hostname: '{{.Node.Hostname}}'", "endpoint_mode: dnsrr", "mode: host");
  }

  @ParameterizedTest
  @ValueSource(strings = {"compose.yaml", "compose.host.yaml"})
  void composeCanServeWithoutAKey(String file) throws Exception {
    assertThat(stackConfig(file, Map.of("KEY", ""))).contains("KEY: \"\"");
    assertThat(stackConfig(file, Map.of())).contains("KEY: '-'");
  }

  @Test
  void dockerReadsTheStackOfLoadGenerators() throws Exception {
    assertThat(stackConfig("load.yaml"))
        .contains("replicas: 3", "max_replicas_per_node: 1", "'{{.Task.Slot}}'", "external: true");
  }

  /** A file as Docker's command line reads it; the test is skipped where there is none. */
  private static String stackConfig(String file) throws Exception {
    return stackConfig(file, Map.of("TARGET", "10.0.0.1", "KEY", "key"));
  }

  private static String stackConfig(String file, Map<String, String> variables) throws Exception {
    if (!"required".equals(System.getenv("RALLYPOINT_LAB"))) {
      assumeTrue(isThere("docker"), "docker's command line is not installed");
    }
    ProcessBuilder builder =
        new ProcessBuilder("docker", "stack", "config", "-c", FOLDER.resolve(file).toString())
            .redirectErrorStream(true);
    builder.environment().remove("KEY");
    builder.environment().putAll(variables);
    Process config = builder.start();
    String said = new String(config.getInputStream().readAllBytes());
    assertThat(config.waitFor()).as(said).isZero();
    return said;
  }

  @Test
  void eachLoadGeneratorIsToldItsShare() throws Exception {
    Path loadtest = data.resolve("loadtest");
    Files.writeString(loadtest, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
    assertThat(loadtest.toFile().setExecutable(true)).isTrue();
    String file = Files.readString(FOLDER.resolve("load.yaml"));
    Matcher command = Pattern.compile("(?s)      - >-\n(.*?)\n    environment:").matcher(file);
    assertThat(command.find()).isTrue();
    ProcessBuilder builder =
        new ProcessBuilder(
                "/bin/sh", "-c", command.group(1).replaceAll("\\s+", " ").replace("$$", "$"))
            .redirectErrorStream(true);
    builder
        .environment()
        .putAll(
            Map.of(
                "PATH", data + ":" + System.getenv("PATH"),
                "LOAD", "SteadyHeartbeats --peers 9",
                "TARGET", "10.0.0.1,10.0.0.2",
                "KEY", "a key",
                "GENERATORS", "3",
                "GENERATOR", "2"));
    Process started = builder.start();

    assertThat(started.inputReader().lines())
        .containsExactly(
            "simulate",
            "SteadyHeartbeats",
            "--peers",
            "9",
            "--target",
            "10.0.0.1,10.0.0.2",
            "--key",
            "a key",
            "--generators",
            "3",
            "--generator",
            "2",
            "--generator-report",
            "/results");
  }

  private static boolean isThere(String program) {
    return Arrays.stream(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
