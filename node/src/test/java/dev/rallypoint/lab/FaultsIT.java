package dev.rallypoint.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.loadtest.faults.Faults;
import org.junit.jupiter.api.Test;

/** R1, R3 and R5 at a small size, against three packaged nodes; docs/faults.md has them all. */
class FaultsIT {
  @Test
  void aDeadNodeAndACutOneHarmNobodyElseAndNoKey() {
    String launcher = LabMachine.launcher();

    int code =
        Faults.execute(
            System.out, "R1", "R3", "R5", "--together", "--quick", "--rallypoint", launcher);

    assertThat(code).describedAs("the figures are in the output").isZero();
  }
}
