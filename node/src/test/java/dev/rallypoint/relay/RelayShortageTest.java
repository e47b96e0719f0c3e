package dev.rallypoint.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.testing.TestSettings;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A relay whose process has no more descriptors, in a process of its own. */
class RelayShortageTest {
  @TempDir private Path data;

  @Test
  void sessionsAndListenerSurviveRunningOutOfDescriptors() throws Exception {
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                "ulimit -n 400 && exec \"$0\" -cp \"$1\" -XX:-MaxFDLimit -Xmx256m"
                    + " --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
                    + " --add-exports=java.base/sun.nio.ch=ALL-UNNAMED -Drelay.splice=\"$2\""
                    + " \"$3\" \"$4\"",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                System.getProperty("java.class.path"),
                TestSettings.SPLICE.name(),
                RelayShortage.class.getName(),
                data.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains("carried on", "recovered");
  }
}
