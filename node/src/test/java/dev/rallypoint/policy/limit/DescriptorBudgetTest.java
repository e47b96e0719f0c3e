package dev.rallypoint.policy.limit;

import static dev.rallypoint.policy.limit.DescriptorBudget.Part.API_PORT;
import static dev.rallypoint.policy.limit.DescriptorBudget.Part.BACKHAUL;
import static dev.rallypoint.policy.limit.DescriptorBudget.Part.HTTPS_PORT;
import static dev.rallypoint.policy.limit.DescriptorBudget.Part.ID_SERVER;
import static dev.rallypoint.policy.limit.DescriptorBudget.Part.RELAY;
import static dev.rallypoint.policy.limit.DescriptorBudget.Part.RELAY_PIPES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.policy.limit.DescriptorBudget.Part;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How file descriptors are divided among the parts of a node. */
class DescriptorBudgetTest {
  private static final Set<Part> ALONE = EnumSet.of(ID_SERVER, RELAY, RELAY_PIPES);
  private static final Set<Part> ALL = EnumSet.allOf(Part.class);
  private static final long HEAP = 64L << 30;

  @ParameterizedTest
  @CsvSource({
    // limit, open: ID server, relay, pipes
    "1048576, 200, 419324, 524156, 31449",
    "65536,   200, 26108,  32636,  1958",
    "4096,    200, 1532,   1916,   114",
    "1024,    200, 304,    380,    22",
    "300,     200, 14,     18,     1",
    "100,     200, 1,      1,      0",
    "440,     200, 70,     88,     5",
    "400,     200, 54,     68,     4",
    "9223372036854775807, 200, 800000, 1000000, 60000",
  })
  void dividesWhatIsFreeOnANodeThatIsAlone(
      long limit, long open, int idServer, int relay, int pipes) {
    DescriptorBudget budget = DescriptorBudget.divide(limit, open, HEAP, ALONE);
    assertThat(budget.of(ID_SERVER)).isEqualTo(idServer);
    assertThat(budget.of(RELAY)).isEqualTo(relay);
    assertThat(budget.of(RELAY_PIPES)).isEqualTo(pipes);
    assertThat(budget.of(BACKHAUL)).isZero();
    assertThat(budget.of(HTTPS_PORT)).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    // limit, open: ID server, relay, pipes, backhaul, https-port, api-port
    "1048576, 200, 310610, 388263, 23295, 194131, 77652, 31061",
    "4096,    200, 1135,   1419,   85,    709,    283,   113",
  })
  void dividesWhatIsFreeAmongAllParts(
      long limit,
      long open,
      int idServer,
      int relay,
      int pipes,
      int backhaul,
      int httpsPort,
      int apiPort) {
    DescriptorBudget budget = DescriptorBudget.divide(limit, open, HEAP, ALL);
    assertThat(budget.of(ID_SERVER)).isEqualTo(idServer);
    assertThat(budget.of(RELAY)).isEqualTo(relay);
    assertThat(budget.of(RELAY_PIPES)).isEqualTo(pipes);
    assertThat(budget.of(BACKHAUL)).isEqualTo(backhaul);
    assertThat(budget.of(HTTPS_PORT)).isEqualTo(httpsPort);
    assertThat(budget.of(API_PORT)).isEqualTo(apiPort);
  }

  @ParameterizedTest
  @CsvSource({"400, 100", "600, 100", "1024, 100", "2048, 700", "4096, 0", "1048576, 500"})
  void neverGivesMoreThanIsFree(long limit, long open) {
    for (Set<Part> parts : Set.of(ALONE, ALL, EnumSet.of(RELAY, RELAY_PIPES, BACKHAUL))) {
      DescriptorBudget budget = DescriptorBudget.divide(limit, open, HEAP, parts);
      long needed = parts.stream().mapToLong(budget::of).sum() + budget.of(RELAY_PIPES);
      assertThat(needed).isLessThanOrEqualTo(limit - open - DescriptorBudget.RESERVE);
    }
  }

  @Test
  void givesNoMoreConnectionsThanTheHeapHasRoomFor() {
    DescriptorBudget budget = DescriptorBudget.divide(65_536, 200, 256L << 20, ALL);
    assertThat(budget.of(ID_SERVER)).isEqualTo(6_553);
    assertThat(budget.of(RELAY)).isEqualTo(4_915);
    assertThat(budget.of(RELAY_PIPES)).isEqualTo(1_450);
    assertThat(budget.of(HTTPS_PORT)).isEqualTo(4_834);
    assertThat(budget.of(API_PORT)).isEqualTo(655);
  }

  @Test
  void dividesTheHeap() {
    DescriptorBudget budget = DescriptorBudget.divide(65_536, 200, 1_000, ALL);
    assertThat(budget.share(ID_SERVER).heap()).isEqualTo(200);
    assertThat(budget.share(RELAY).heap()).isEqualTo(150);
    assertThat(budget.share(HTTPS_PORT).heap()).isEqualTo(150);
  }

  @Test
  void saysAllSharesInOneLine() {
    assertThat(DescriptorBudget.divide(1024, 200, HEAP, ALONE))
        .hasToString("id_server 304, relay 380, relay_pipes 22");
  }
}
