package dev.rallypoint.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The image's first process, with files in place of the container's and a node that only prints.
 */
class EntrypointTest {
  private static final Path SCRIPT = Path.of("..", "docker", "entrypoint");

  @TempDir private Path container;

  @BeforeEach
  void makeAContainer() throws IOException {
    for (String folder : List.of("data", "bin")) {
      Files.createDirectories(container.resolve(folder));
    }
    write(
        "mountinfo", "1 0 0:1 / / rw - overlay overlay rw\n2 1 0:2 / /data rw - ext4 /dev/a rw\n");
    write("bin/rallypoint", "#!/bin/sh\necho \"$@\"\n");
    write(
        "bin/entrypoint",
        Files.readString(SCRIPT)
            .replace("/proc/self/mountinfo", container.resolve("mountinfo").toString())
            .replace("data=/data", "data=" + container.resolve("data")));
  }

  private void write(String file, String text) throws IOException {
    Path path = Files.writeString(container.resolve(file), text);
    assertThat(path.toFile().setExecutable(true)).isTrue();
  }

  private String run(int code, String... words) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(container.resolve("bin/entrypoint").toString())
            .redirectErrorStream(true);
    builder.command().addAll(List.of(words));
    builder.environment().put("PATH", container.resolve("bin") + ":" + System.getenv("PATH"));
    Process started = builder.start();
    String said = new String(started.getInputStream().readAllBytes()).strip();
    assertThat(started.waitFor()).as(said).isEqualTo(code);
    return said;
  }

  @Test
  void takesFlagsAloneForThoseOfServe() throws Exception {
    String served = "serve --data " + container.resolve("data");
    assertThat(run(0, "-r", "a.example", "-k", "_")).isEqualTo(served + " -r a.example -k _");
    assertThat(run(0, "--help")).isEqualTo("--help");
    assertThat(run(0, "hbbs", "-r", "a.example")).isEqualTo("hbbs -r a.example");
    assertThat(run(0, "keys", "show")).isEqualTo("keys show");
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

    assertThat(run(0, "hbbs")).isEqualTo("hbbs");
  }
}
