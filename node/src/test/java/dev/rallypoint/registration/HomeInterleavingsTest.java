package dev.rallypoint.registration;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * A peer's entity and the lease books of two nodes, whose messages come in any order: whatever was
 * lost or late, a heartbeat that is acknowledged comes from a peer that requesters reach.
 */
class HomeInterleavingsTest {
  private static final int RUNS = 20_000;
  private static final int STEPS = 40;

  @Test
  void haveEveryAcknowledgedPeerReached() {
    for (int seed = 0; seed < RUNS; seed++) {
      HomeModel model = new HomeModel(seed);
      for (int step = 0; step < STEPS; step++) {
        model.step();
      }
      model.settle();

      assertThat(model.isReachedOnceAcknowledged()).as("seed %d: %s", seed, model).isTrue();
    }
  }
}
