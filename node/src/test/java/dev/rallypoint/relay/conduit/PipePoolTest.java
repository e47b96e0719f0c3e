package dev.rallypoint.relay.conduit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many pipes a node may have. */
class PipePoolTest {
  @ParameterizedTest
  @CsvSource({
    // GiB of memory, pipes by the descriptors, pipes
    "24, 30000, 384",
    "64, 30000, 512",
    "8,  30000, 128",
    "1,  30000, 64",
    "24, 114,   114",
    "1,  22,    22",
    "24, 0,     0",
  })
  void isBoundByMemoryAndByDescriptors(long gibibytes, int most, int pipes) {
    assertThat(PipePool.boundOfNode(most, gibibytes << 30)).isEqualTo(pipes);
  }
}
