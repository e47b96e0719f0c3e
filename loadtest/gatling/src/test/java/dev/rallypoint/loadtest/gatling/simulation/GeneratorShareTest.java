package dev.rallypoint.loadtest.gatling.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What each of several generators takes. */
class GeneratorShareTest {
  private static SimulationOptions generator(int number) {
    SimulationOptions options = new SimulationOptions();
    CommandLine line = new CommandLine(new Holder(options));
    line.registerConverter(java.time.Duration.class, new Durations());
    line.parseArgs("--peers", "10", "--rate", "9", "--generators", "3", "--generator", "" + number);
    return options;
  }

  @CommandLine.Command
  private record Holder(@CommandLine.Mixin SimulationOptions options) {}

  @Test
  void generatorsShareThePeersWithNoIdTwice() {
    List<Long> ids = new ArrayList<>();
    for (int number = 1; number <= 3; number++) {
      SimulationOptions options = generator(number);
      LongStream.range(0, options.peers()).forEach(n -> ids.add(options.firstId() + n));
    }

    assertThat(ids).hasSize(10);
    assertThat(new TreeSet<>(ids)).hasSize(10);
  }

  @Test
  void generatorsShareTheRate() {
    assertThat(generator(1).rate()).isEqualTo(3);
  }

  @Test
  void theProcessThatStartsThemJudgesTheWhole() {
    assertThat(generator(0).peers()).isEqualTo(10);
    assertThat(generator(0).rate()).isEqualTo(9);
  }
}
