package dev.rallypoint.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher's flags for memory, with files in place of the machine's and a Java that prints. */
class LauncherMemoryTest {
  private static final Path SCRIPT = Path.of("src/main/dist/bin/rallypoint");
  private static final String V2 = "0::/system.slice/rallypoint.service";
  private static final String V1 = "4:cpu,cpuacct:/x\n7:memory:/docker/ab12\n0::/x";

  @TempDir private Path machine;
  private final Map<String, String> variables = new TreeMap<>();

  @BeforeEach
  void makeAMachine() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")));
    write(
        "bin/rallypoint",
        Files.readString(SCRIPT).replaceFirst("(?m)^machine=.*", "machine='" + machine + "'"));
    write("java/bin/java", "#!/bin/sh\necho \"${MALLOC_ARENA_MAX:-}\" \"$@\"\n");
    write("java/release", "JAVA_VERSION=\"25\"\n");
    write("proc/meminfo", "MemTotal:       25165824 kB\nMemFree:         1000 kB\n");
    write("proc/self/cgroup", V2 + "\n");
  }

  private void write(String file, String text) throws IOException {
    Path path = machine.resolve(file);
    Files.createDirectories(path.getParent());
    assertThat(Files.writeString(path, text).toFile().setExecutable(true)).isTrue();
  }

  private String flags() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(machine.resolve("bin/rallypoint").toString(), "--version")
            .redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.matches("_?JAVA_.*|JDK_.*|MALLOC_.*"));
    builder.environment().put("JAVA_HOME", machine.resolve("java").toString());
    builder.environment().putAll(variables);
    Process started = builder.start();
    String said = new String(started.getInputStream().readAllBytes()).strip();
    assertThat(started.waitFor()).as(said).isZero();
    assertThat(said).hasLineCount(1);
    return said;
  }

  @ParameterizedTest
  @CsvSource({
    "262144, -Xmx128m, 32m, -XX:+UseSerialGC",
    "524288, -Xmx307m, 64m, -XX:+UseSerialGC",
    "1048576, -Xmx614m, 128m, -XX:+UseSerialGC",
    "2097152, -Xmx1433m, 256m, -XX:+UseG1GC",
    "25165824, -Xmx17203m, 3072m, -XX:+UseG1GC",
  })
  void chooseHeapBuffersAndCollectorByTheMachinesMemory(
      String kilobytes, String heap, String direct, String collector) throws Exception {
    write("proc/meminfo", "MemTotal:       " + kilobytes + " kB\n");
    assertThat(flags())
        .startsWith("2 ") // arenas
        .contains(" " + heap + " ", " -XX:MaxDirectMemorySize=" + direct + " ", collector + " ");
  }

  @ParameterizedTest
  @CsvSource({
    "system.slice/rallypoint.service/memory.max, 268435456, -Xmx128m",
    "system.slice/memory.max, 268435456, -Xmx128m",
    "memory.max, 1073741824, -Xmx614m",
    "system.slice/memory.max, max, -Xmx17203m",
    "memory.max, 99999999999999, -Xmx17203m",
  })
  void takeTheLimitOfTheControlGroupOrOfThoseAboveIt(String file, String limit, String heap)
      throws Exception {
    write("sys/fs/cgroup/" + file, limit + "\n");
    assertThat(flags()).contains(" " + heap + " ");
  }

  @ParameterizedTest
  @CsvSource({
    "docker/ab12/memory.limit_in_bytes, 268435456, -Xmx128m",
    "memory.limit_in_bytes, 268435456, -Xmx128m", // a container that sees its own group only
    "memory.limit_in_bytes, 9223372036854771712, -Xmx17203m",
  })
  void takeTheLimitOfVersionOneToo(String file, String limit, String heap) throws Exception {
    write("proc/self/cgroup", V1 + "\n");
    write("sys/fs/cgroup/memory/" + file, limit + "\n");
    assertThat(flags()).contains(" " + heap + " ");
  }

  @Test
  void areLeftToJavaWhereNothingTellsTheMemory() throws Exception {
    Files.delete(machine.resolve("proc/meminfo"));
    Files.delete(machine.resolve("proc/self/cgroup"));
    assertThat(flags()).doesNotContain("-Xm", "GC ");
  }

  @Test
  void comeBeforeTheOperatorsOwn() throws Exception {
    variables.put("JAVA_OPTS", "-Xmx300m -Xss1m");
    assertThat(flags()).matches(".* -Xmx17203m .* -XX:\\+UseG1GC .* -Xmx300m -Xss1m -cp .*");
  }

  @ParameterizedTest
  @ValueSource(strings = {"JAVA_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"})
  void leaveTheCollectorToTheOperator(String variable) throws Exception {
    variables.put(variable, "-Xss1m -XX:+UseZGC");
    assertThat(flags()).contains("-Xmx17203m").doesNotContain("-XX:+UseG1GC");
  }
}
