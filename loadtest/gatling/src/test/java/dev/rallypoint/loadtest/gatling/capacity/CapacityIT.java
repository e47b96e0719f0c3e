package dev.rallypoint.loadtest.gatling.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.loadtest.gatling.capacity.CapacityRun.Pace;
import dev.rallypoint.loadtest.gatling.capacity.CapacityRun.Plan;
import dev.rallypoint.loadtest.gatling.link.SourceAddresses;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Each load against a node, at rates that any machine holds. */
class CapacityIT {
  private static final Path LAUNCHER =
      Path.of("..", "..", "node", "target", "rallypoint", "bin", "rallypoint");
  private static final int MOST = 10;
  private static final Plan PLAN =
      new Plan(
          new RateLimits(Duration.ofSeconds(10), 0.01),
          2,
          new Pace(Duration.ofMillis(50), Duration.ofMillis(300)),
          MOST,
          0.1,
          20,
          4,
          1);

  @Test
  void aNodeHoldsEachLoad() throws Exception {
    try (LocalNode node = LocalNode.start(LAUNCHER)) {
      CapacityRun run = new CapacityRun(node, PLAN, line -> {});
      for (Load load : Load.values()) {
        Finding finding =
            run.measure(load, SourceAddresses.from("127.62.0.1", 200), "it-" + load + "-");

        assertThat(finding.skipped()).isEmpty();
        assertThat(finding.failed()).as(load.toString()).isEmpty();
        assertThat(finding.best())
            .as(load.toString())
            .hasValueSatisfying(best -> {
              assertThat(best.rate()).isEqualTo(MOST);
              assertThat(best.run().requests().ok()).isPositive();
            });
      }
    }
  }
}
