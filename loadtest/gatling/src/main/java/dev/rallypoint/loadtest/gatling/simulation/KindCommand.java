package dev.rallypoint.loadtest.gatling.simulation;

import dev.rallypoint.loadtest.gatling.figures.RunResult;
import dev.rallypoint.loadtest.gatling.launch.ExitCode;
import dev.rallypoint.loadtest.gatling.launch.Launcher;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** One simulation as a sub-command. */
@Command(sortOptions = false, mixinStandardHelpOptions = true, usageHelpAutoWidth = true)
final class KindCommand implements Callable<Integer> {
  /** A limit was missed. */
  static final int LIMIT_MISSED = 2;

  private final Kind kind;
  @Mixin private SimulationOptions options = new SimulationOptions();
  @Spec private @Nullable CommandSpec spec;

  private KindCommand(Kind kind) {
    this.kind = kind;
  }

  /** The sub-command of a kind, with no option that would mean nothing to it. */
  static CommandLine of(Kind kind) {
    CommandLine command = new CommandLine(new KindCommand(kind));
    command.registerConverter(Duration.class, new Durations());
    CommandSpec spec = command.getCommandSpec();
    for (OptionSpec option : List.copyOf(spec.options())) {
      boolean isOfSome =
          List.of(Kind.values()).stream()
              .anyMatch(any -> any.defaults().containsKey(option.longestName()));
      if (isOfSome && !kind.defaults().containsKey(option.longestName())) {
        spec.remove(option);
      }
    }
    spec.defaultValueProvider(
        new IDefaultValueProvider() {
          @Override
          public @Nullable String defaultValue(ArgSpec argument) {
            return argument instanceof OptionSpec option
                ? kind.defaults().get(option.longestName())
                : null;
          }
        });
    spec.usageMessage().header(kind.header()).description("", kind.description(), "");
    return command;
  }

  @Override
  public Integer call() throws IOException {
    CommandLine command = Objects.requireNonNull(spec).commandLine();
    try {
      options.check(kind.leastDuration());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command, String.valueOf(e.getMessage()), e);
    }
    if (options.generators().generators() > 1 && !options.generators().isShare()) {
      List<String> arguments = spec.root().commandLine().getParseResult().originalArgs();
      return new Generators(kind, options, arguments).run();
    }
    options.use();
    RunResult result =
        new Launcher(options.generators().report(), options.generators().hasReport())
            .run(kind.simulation())
            .result();
    RelayedBytes.lines(result.requests(), options).forEach(System.out::println);
    return code(result.exitCode());
  }

  /** 0 when the limits held, 2 when one was missed, 1 when the figures are worthless. */
  static int code(int ofRun) {
    return switch (ofRun) {
      case ExitCode.OK -> ExitCode.OK;
      case ExitCode.ASSERTION_FAILED, ExitCode.LIMIT_BROKEN -> LIMIT_MISSED;
      default -> ExitCode.CRASHED;
    };
  }
}
