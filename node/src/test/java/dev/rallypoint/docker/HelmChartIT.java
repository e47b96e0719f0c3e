package dev.rallypoint.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The Helm chart, rendered by Helm with the values it was tried with. */
class HelmChartIT {
  private static final Path CHART = Path.of("..", "docker", "helm", "rallypoint");
  private static final String KUBERNETES = "1.31.0";
  private static final Path PROGRAM = Path.of("target/rallypoint/bin/rallypoint").toAbsolutePath();

  @TempDir private Path folder;

  /** Helm's path; a test without it ends here, but where all tools have to be there. */
  private static Path helm() {
    Optional<Path> found =
        Stream.concat(
                Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(Path::of),
                Stream.of(Path.of(System.getProperty("user.home"), "go", "bin")))
            .map(place -> place.resolve("helm"))
            .filter(Files::isExecutable)
            .findFirst();
    if (found.isEmpty() && !"required".equals(System.getenv("RALLYPOINT_LAB"))) {
      abort("helm is not installed");
    }
    assertThat(found).as("helm").isPresent();
    return found.orElseThrow();
  }

  private String run(int code, Path program, String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("HELM_CACHE_HOME", folder.toString());
    builder.environment().put("HELM_CONFIG_HOME", folder.toString());
    builder.environment().put("HELM_DATA_HOME", folder.toString());
    Process started = builder.start();
    String said = new String(started.getInputStream().readAllBytes());
    assertThat(started.waitFor()).as(said).isEqualTo(code);
    return said;
  }

  private String rendered(String values) throws Exception {
    List<String> words =
        new ArrayList<>(List.of("template", "rd", CHART.toString(), "--kube-version", KUBERNETES));
    words.addAll(List.of("--namespace", "apart", "-f"));
    words.add(CHART.resolve("ci").resolve(values + "-values.yaml").toString());
    return run(0, helm(), words.toArray(String[]::new));
  }

  private String refused(String... settings) throws Exception {
    List<String> words =
        new ArrayList<>(List.of("template", "rd", CHART.toString(), "--kube-version", KUBERNETES));
    Stream.of(settings).forEach(setting -> words.addAll(List.of("--set", setting)));
    return run(1, helm(), words.toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(strings = {"single", "cluster", "split", "host-network"})
  void isWithoutFaultsForHelmsLinter(String values) throws Exception {
    String file = CHART.resolve("ci").resolve(values + "-values.yaml").toString();
    assertThat(run(0, helm(), "lint", "--strict", CHART.toString(), "-f", file))
        .contains("0 chart(s) failed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"single", "cluster", "split", "host-network"})
  void writesSettingsThatANodeTakes(String values) throws Exception {
    Matcher block =
        Pattern.compile("(?m)^  settings\\.ini: \\|\\n((?:    .*\\n)+)").matcher(rendered(values));
    assertThat(block.find()).isTrue();
    Path file = Files.writeString(folder.resolve("settings.ini"), block.group(1).stripIndent());

    // 2 for a setting that is none; 1 because no node runs here.
    assertThat(run(1, PROGRAM, "health", "--data", folder.toString(), "-c", file.toString()))
        .doesNotContain("settings.ini");
  }

  @ParameterizedTest
  @CsvSource({"single, 3900", "cluster, 2100"})
  void givesAPodMoreTimeThanItsDrainWindow(String values, int seconds) throws Exception {
    assertThat(rendered(values)).contains("terminationGracePeriodSeconds: " + seconds + "\n");
  }

  @Test
  void hasAVolumeForOneNodeAndNoneForNodesWithADatabase() throws Exception {
    assertThat(rendered("single"))
        .contains("volumeClaimTemplates:", "value: /etc/rallypoint-keys/key_priv")
        .doesNotContain("DB_URL", "kind: PodDisruptionBudget", "25520");
    assertThat(rendered("cluster"))
        .contains("name: DB_URL", "kind: PodDisruptionBudget", "port: 25520", "emptyDir: {}")
        .contains("kind: ServiceMonitor", "hostPort: 21116")
        .doesNotContain("volumeClaimTemplates:");
  }

  @Test
  void keepsTheClientsAddressBehindABalancer() throws Exception {
    String both = rendered("split");
    assertThat(both.split("externalTrafficPolicy: Local", -1)).hasSize(3);
    assertThat(both)
        .contains(
            "name: rd-rallypoint-tcp", "name: rd-rallypoint-udp", "loadBalancerClass: metallb")
        .doesNotContain("containerPort: 21118", "containerPort: 21114")
        .contains("api-port = 0");
  }

  @Test
  void showsThePasswordOfTheDatabaseInItsSecretOnly() throws Exception {
    String all = rendered("split");
    assertThat(all.split("rallypoint:secret@", -1)).hasSize(2);
    assertThat(all).containsPattern("(?s)kind: Secret.*rallypoint:secret@");
  }

  @Test
  void meetsTheRestrictedPodSecurityStandard() throws Exception {
    assertThat(rendered("single"))
        .contains("runAsNonRoot: true", "runAsUser: 10001", "readOnlyRootFilesystem: true")
        .contains("allowPrivilegeEscalation: false", "type: RuntimeDefault", "drop: [\"ALL\"]")
        .doesNotContain("hostPort:", "hostNetwork:");
  }

  @Test
  void refusesValuesThatDoNotFitTogether() throws Exception {
    assertThat(refused("replicas=2")).contains("more than one node needs a PostgreSQL");
    assertThat(refused("database.url=db.example.org"))
        .contains("database.url: write postgresql://");
    assertThat(refused("settings.port=22000")).contains("invalid propertyName 'port'");
    assertThat(refused("replica=2")).contains("'replica' not allowed");
    assertThat(refused("clients.exposure=NodePort")).contains("exposure");
  }

  @Test
  void hasTheVersionOfTheProgram() throws IOException {
    Matcher version =
        Pattern.compile("<version>([0-9.]+)(-SNAPSHOT)?</version>")
            .matcher(Files.readString(Path.of("..", "pom.xml")));
    assertThat(version.find()).isTrue();
    assertThat(Files.readString(CHART.resolve("Chart.yaml")))
        .contains("appVersion: \"" + version.group(1) + "\"");
  }
}
