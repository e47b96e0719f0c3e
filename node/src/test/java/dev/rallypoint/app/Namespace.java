package dev.rallypoint.app;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs the packaged program as a process that sees other mounts, or another network, than this one:
 * Linux's namespaces. Aborts the test where they are not allowed.
 *
 * @param folder where the output is kept
 * @param network whether it has a network of its own
 * @param before what a shell does in the namespace before, with {@code $1} for the folder
 */
record Namespace(Path folder, boolean network, String before) {
  private static final Path LAUNCHER = Path.of("target/rallypoint/bin/rallypoint").toAbsolutePath();

  /** It lives for seconds: the second compiler would take half of its CPU. */
  private static final String ONE_COMPILER = "-XX:TieredStopAtLevel=1";

  /** How a process ended. */
  record Result(int code, String out, String err) {}

  /** Runs {@code serve}, tells it to end once it is ready, and runs {@code after} before that. */
  Result serve(String after, Map<String, String> environment, List<String> flags)
      throws IOException, InterruptedException {
    String script =
        """
        set -e
        cd "$1/cwd"
        %s
        folder=$1; java=$2; classes=$3; launcher=$4; shift 4
        : >"$folder/out"
        "$launcher" serve "$@" >"$folder/out" 2>"$folder/err" &
        node=$!
        while kill -0 $node 2>/dev/null && ! grep -q ^ready "$folder/out"; do sleep 0.1; done
        if grep -q ^ready "$folder/out"; then
          %s
          kill $node
        fi
        wait $node
        """
            .formatted(before, after.isEmpty() ? ":" : after);
    Files.createDirectories(folder.resolve("cwd"));
    ProcessBuilder builder =
        new ProcessBuilder(
            "unshare",
            network ? "-mn" : "-m",
            "sh",
            "-c",
            script,
            "sh",
            folder.toString(),
            System.getProperty("java.home") + "/bin/java",
            System.getProperty("java.class.path"),
            LAUNCHER.toString());
    builder.command().addAll(flags);
    builder.environment().remove("RALLYPOINT_LAB"); // of the tests, not a setting
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    builder
        .environment()
        .put("JAVA_OPTS", ONE_COMPILER + " " + environment.getOrDefault("JAVA_OPTS", ""));
    return ended(builder);
  }

  private Result ended(ProcessBuilder builder) throws IOException, InterruptedException {
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    if (said.startsWith("unshare: unshare failed")) {
      abort("namespaces are not allowed here: " + said.strip());
    }
    return new Result(process.exitValue(), read("out"), read("err") + said);
  }

  private String read(String name) throws IOException {
    Path file = folder.resolve(name);
    return Files.exists(file) ? Files.readString(file) : "";
  }
}
