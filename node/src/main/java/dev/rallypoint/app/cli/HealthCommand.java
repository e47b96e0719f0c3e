package dev.rallypoint.app.cli;

import dev.rallypoint.app.health.HealthCheck;
import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.config.SettingSources;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * Runs a {@link HealthCheck} in a process of its own. The management port answers the same at much
 * less cost.
 */
@Command(
    name = "health",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Ask the node on this machine whether it takes work.",
    description = {
      "",
      "Takes the settings of 'serve' and asks each port of the node's roles, and whether the node",
      "is a member of its cluster. Exit code 0 when all is well; 1 and a line for each port that",
      "does not answer otherwise: also while the node starts, and once it is told to stop; and with",
      "the cause while new ids cannot be stored, because the disk is full, for example.",
      ""
    })
final class HealthCommand implements Callable<Integer> {
  private final CommandContext context;

  @Spec private @Nullable CommandSpec spec;

  HealthCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    SettingSources sources = ServeFlags.sources(Objects.requireNonNull(spec), context);
    NodeSettings settings = sources.load().node();
    List<String> faults = HealthCheck.faults(settings);
    if (faults.isEmpty()) {
      faults = HealthCheck.shortcoming(settings).stream().toList();
    }
    if (faults.isEmpty()) {
      context.out().println("healthy");
      return 0;
    }
    faults.forEach(fault -> context.err().println("rallypoint: not healthy, " + fault));
    return 1;
  }
}
