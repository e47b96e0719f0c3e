package dev.rallypoint.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.loadtest.Main;
import org.junit.jupiter.api.Test;

/** Some rows of the cluster's lab against three packaged nodes; docs/lab.md has them all. */
class ClusterLabIT {
  /** Arriving, each kind of punch, the LAN, legs on two nodes, a WebSocket pair, refusals. */
  private static final String ROWS = "2-7,9,15,16,18,19,24,33";

  @Test
  void peersMeetThoughEachTalksToAnotherNode() {
    String launcher = LabMachine.launcher();

    int code =
        Main.execute(
            System.out,
            "lab-cluster",
            "--rallypoint",
            launcher,
            "--rows",
            ROWS,
            "--megabytes",
            "20");

    assertThat(code).describedAs("the lab's table is in the output").isZero();
  }
}
