package dev.rallypoint.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.loadtest.Main;
import org.junit.jupiter.api.Test;

/** Plays the whole lab against the packaged distribution; docs/lab.md says what each row shows. */
class LabIT {
  @Test
  void twoPeersBehindTwoNatsLiveTheirWholeLife() {
    String launcher = LabMachine.launcher();

    int code = Main.execute(System.out, "lab", "--rallypoint", launcher);

    assertThat(code).describedAs("the lab's table is in the output").isZero();
  }
}
