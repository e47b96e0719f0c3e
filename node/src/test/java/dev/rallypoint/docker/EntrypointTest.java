package dev.rallypoint.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The image's first process, with files in place of the container's and a node that only prints.
 */
class EntrypointTest {
  private static final Path SCRIPT = Path.of("..", "docker", "entrypoint");
  private static final String GIGABYTE = "1073741824";

  @TempDir private Path container;
  private final Map<String, String> variables = new TreeMap<>();

  @BeforeEach
  void makeAContainer() throws IOException {
    for (String folder : List.of("cgroup/memory", "data", "bin")) {
      Files.createDirectories(container.resolve(folder));
    }
    memory("16777216 kB");
    write(
        "mountinfo", "1 0 0:1 / / rw - overlay overlay rw\n2 1 0:2 / /data rw - ext4 /dev/a rw\n");
    write("bin/rallypoint", "#!/bin/sh\necho \"${JAVA_OPTS:-none}\" \"$@\"\n");
    write(
        "bin/entrypoint",
        Files.readString(SCRIPT)
            .replace("/sys/fs/cgroup", container.resolve("cgroup").toString())
            .replace("/proc/meminfo", container.resolve("meminfo").toString())
            .replace("/proc/self/mountinfo", container.resolve("mountinfo").toString())
            .replace("data=/data", "data=" + container.resolve("data")));
  }

  private void write(String file, String text) throws IOException {
    Path path = Files.writeString(container.resolve(file), text);
    assertThat(path.toFile().setExecutable(true)).isTrue();
  }

  private void memory(String total) throws IOException {
    write("meminfo", "MemTotal:       " + total + "\nMemFree:         1000 kB\n");
  }

  private String run(int code, String... words) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(container.resolve("bin/entrypoint").toString())
            .redirectErrorStream(true);
    builder.command().addAll(List.of(words));
    builder.environment().keySet().removeIf(name -> name.startsWith("JAVA_"));
    builder.environment().put("PATH", container.resolve("bin") + ":" + System.getenv("PATH"));
    builder.environment().putAll(variables);
    Process started = builder.start();
    String said = new String(started.getInputStream().readAllBytes()).strip();
    assertThat(started.waitFor()).as(said).isEqualTo(code);
    return said;
  }

  @ParameterizedTest
  @CsvSource({
    "memory.max, 1073741824, -XX:MaxRAMPercentage=60",
    "memory.max, 536870912, -XX:MaxRAMPercentage=60",
    "memory.max, 402653184, -XX:MaxRAMPercentage=40",
    "memory/memory.limit_in_bytes, 1073741824, -XX:MaxRAMPercentage=60",
  })
  void givesTheHeapAShareOfTheContainersLimit(String file, String limit, String flag)
      throws Exception {
    write("cgroup/" + file, limit + "\n");
    assertThat(run(0, "serve")).isEqualTo(flag + "  serve");
  }

  @ParameterizedTest
  @CsvSource({
    "memory.max, max",
    "memory.max, 999999999999",
    "memory/memory.limit_in_bytes, 9223372036854771712",
    "no.limit, 1",
  })
  void boundsTheHeapWhereTheContainerMayHaveAllOfTheMachine(String file, String limit)
      throws Exception {
    write("cgroup/" + file, limit + "\n");
    assertThat(run(0, "serve")).isEqualTo("-Xmx2g  serve");
    memory("4000000 kB");
    assertThat(run(0, "serve")).isEqualTo("-XX:MaxRAMPercentage=25  serve");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-Xmx300m", "-Xss1m -XX:MaxRAMPercentage=70", "-XX:MaxHeapSize=1g"})
  void leavesTheHeapToTheOperatorsFlags(String flags) throws Exception {
    write("cgroup/memory.max", GIGABYTE);
    variables.put("JAVA_OPTS", flags);
    assertThat(run(0, "serve")).isEqualTo(flags + " serve");
  }

  @Test
  void keepsTheOperatorsOtherFlags() throws Exception {
    write("cgroup/memory.max", GIGABYTE);
    variables.put("JAVA_OPTS", "-Xss1m");
    assertThat(run(0, "serve")).isEqualTo("-XX:MaxRAMPercentage=60 -Xss1m serve");
  }

  @Test
  void takesFlagsAloneForThoseOfServe() throws Exception {
    String served = " serve --data " + container.resolve("data");
    assertThat(run(0, "-r", "a.example", "-k", "_")).endsWith(served + " -r a.example -k _");
    assertThat(run(0, "--help")).endsWith("-Xmx2g  --help");
    assertThat(run(0, "hbbs", "-r", "a.example")).endsWith("-Xmx2g  hbbs -r a.example");
    assertThat(run(0, "keys", "show")).endsWith("-Xmx2g  keys show");
  }

  @Test
  void doesNotServeAnEmptyFolderBesideTheVolumeOfHbbsImage() throws Exception {
    String mounts = Files.readString(container.resolve("mountinfo"));
    write("mountinfo", mounts + "3 1 0:2 /srv/rustdesk /root rw - ext4 /dev/a rw\n");
    assertThat(run(2, "hbbs"))
        .startsWith("rallypoint: /root = a volume, as hbbs's image has it: mount it at ")
        .endsWith("chown -R 10001:10001 FOLDER")
        .hasLineCount(1);

    write("data/id_ed25519", "moved over");

    assertThat(run(0, "hbbs")).endsWith(" hbbs");
  }
}
