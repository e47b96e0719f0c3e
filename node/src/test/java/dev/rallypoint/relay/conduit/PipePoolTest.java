package dev.rallypoint.relay.conduit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PipePoolTest {
  @ParameterizedTest
  @CsvSource({
    // GiB of memory, descriptors, pipes
    "24, 1048576, 384",
    "64, 1048576, 512",
    "8,  1048576, 128",
    "1,  1048576, 64",
    "24, 4096,    128",
    "24, 1024,    32",
    "24, 20,      0",
  })
  void isBoundByMemoryAndByDescriptors(long gibibytes, long descriptors, int pipes) {
    assertThat(PipePool.boundOfNode(descriptors, gibibytes << 30)).isEqualTo(pipes);
  }
}
