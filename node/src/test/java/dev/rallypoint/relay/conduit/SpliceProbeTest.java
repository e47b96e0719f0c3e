package dev.rallypoint.relay.conduit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.config.SpliceMode;
import dev.rallypoint.relay.HiddenSockets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Whether splice(2) is found to work, in a process of its own. */
class SpliceProbeTest {
  @Test
  @EnabledOnOs(OS.LINUX)
  void passesOnLinux() {
    assertThat(SpliceProbe.passes(SpliceMode.ON)).isTrue();
    assertThat(SpliceProbe.passes(SpliceMode.AUTO)).isTrue();
  }

  @Test
  void isNotAskedWhenSwitchedOff() {
    assertThat(SpliceProbe.passes(SpliceMode.OFF)).isFalse();
  }

  @Test
  void saysWhyWhenJavaHidesItsSockets() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                HiddenSockets.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output)
        .contains("auto: false")
        .contains("--add-exports")
        .contains("on: relay-splice = Y");
  }
}
