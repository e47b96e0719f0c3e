package dev.rallypoint.metrics;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CountersTest {
  @Test
  void refusesAValueThatHasTheNameOfACounter() {
    Counters counters = new Counters();
    // It would be left out of /metrics otherwise.
    assertThatThrownBy(() -> counters.gauge("rallypoint.ids.provisional", 1, Integer::doubleValue))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
