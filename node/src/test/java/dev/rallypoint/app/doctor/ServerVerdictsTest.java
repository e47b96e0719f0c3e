package dev.rallypoint.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.app.doctor.PortVerdicts.Port;
import dev.rallypoint.app.doctor.PortVerdicts.State;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerVerdictsTest {

  @ParameterizedTest
  @CsvSource({
    "1024, DESCRIPTORS_FEW",
    "16383, DESCRIPTORS_FEW",
    "16384, DESCRIPTORS_ENOUGH",
    "1048576, DESCRIPTORS_ENOUGH"
  })
  void openFiles(long limit, ServerVerdict verdict) {
    assertThat(MachineVerdicts.descriptors("this shell", limit).verdict()).isEqualTo(verdict);
  }

  @ParameterizedTest
  @CsvSource({"212992, UDP_BUFFER_SMALL", "8388608, UDP_BUFFER_GRANTED"})
  void theBufferForUdp(int granted, ServerVerdict verdict) {
    assertThat(MachineVerdicts.udpBuffer(granted, 8_388_608).verdict()).isEqualTo(verdict);
  }

  @ParameterizedTest
  @CsvSource({
    "true, true, TEMPORARY_FOLDER_GOOD",
    "false, true, TEMPORARY_FOLDER_UNUSABLE",
    "false, false, NO_FOLDER_TO_RUN_FROM"
  })
  void theTemporaryFolder(boolean isUsable, boolean isOtherUsable, ServerVerdict verdict) {
    assertThat(MachineVerdicts.temporaryFolder("/tmp", isUsable, isOtherUsable).verdict())
        .isEqualTo(verdict);
  }

  @ParameterizedTest
  @CsvSource({
    "0, DISK_FULL",
    "49999999, DISK_FULL",
    "50000000, DISK_LOW",
    "499999999, DISK_LOW",
    "500000000, DISK_FREE"
  })
  void theDisk(long free, ServerVerdict verdict) {
    assertThat(MachineVerdicts.disk("/var/lib/rallypoint", free).verdict()).isEqualTo(verdict);
  }

  @ParameterizedTest
  @CsvSource({
    "0, DATABASE_CLOCK_RIGHT",
    "-5, DATABASE_CLOCK_RIGHT",
    "6, DATABASE_CLOCK_OFF",
    "-90, DATABASE_CLOCK_OFF"
  })
  void theClockOfTheDatabase(int ahead, ServerVerdict verdict) {
    assertThat(ClockVerdicts.ofDatabase(Duration.ofSeconds(ahead)).verdict()).isEqualTo(verdict);
  }

  @ParameterizedTest
  @CsvSource({
    "FREE, false, PORTS_FREE",
    "SERVED, true, PORTS_SERVED",
    "TAKEN, false, PORT_TAKEN",
    "TAKEN, true, PORT_DEAF",
    "FREE, true, PORT_DEAF",
    "FORBIDDEN, false, PORT_FORBIDDEN"
  })
  void aPort(State state, boolean isNodeRunning, ServerVerdict verdict) {
    PortVerdicts ports = new PortVerdicts(List.of(new Port("21116", state)), isNodeRunning);
    assertThat(ports.findings()).hasSize(1);
    assertThat(ports.findings().getFirst().verdict()).isEqualTo(verdict);
    assertThat(ports.findings().getFirst().seen()).contains("21116");
  }

  @Test
  void onlyThePortsWithAFaultHaveRows() {
    List<Port> ports =
        List.of(
            new Port("21115", State.FREE),
            new Port("21116", State.TAKEN),
            new Port("21117", State.FREE));
    assertThat(new PortVerdicts(ports, false).findings())
        .singleElement()
        .satisfies(row -> assertThat(row.seen()).startsWith("21116"));
  }

  @ParameterizedTest
  @CsvSource({
    "PORTS_FREE, SETTINGS_GOOD, 0",
    "UDP_BUFFER_SMALL, SETTINGS_GOOD, 3",
    "UDP_BUFFER_SMALL, PORT_TAKEN, 1"
  })
  void theExitCodeIsThatOfTheWorst(ServerVerdict one, ServerVerdict other, int code) {
    Diagnosis diagnosis =
        new Diagnosis(
            "here",
            List.of(new Finding(Check.PORTS, one, ""), new Finding(Check.SETTINGS, other, "")));
    assertThat(diagnosis.exitCode()).isEqualTo(code);
    assertThat(diagnosis.findings().getFirst().check()).isEqualTo(Check.SETTINGS);
  }
}
