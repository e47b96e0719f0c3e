package dev.rallypoint.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import dev.rallypoint.app.management.ManagementClient;
import dev.rallypoint.app.management.ManagementClient.NoAnswerException;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.time.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Drains the node on this machine, without an end. */
@Command(
    name = "drain",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Let the relay sessions of the node on this machine end, and send new ones elsewhere.",
    description = {
      "",
      "For an upgrade that cuts nobody: 'drain --wait', then stop the node. The node stays in its",
      "cluster and takes no new relay sessions; those that run go on until they end, however long",
      "that takes. /readyz answers 503, so that balancers send new clients to the other nodes.",
      "Peers that are registered here stay and are reached; they move within half a minute when",
      "the node is stopped. 'undrain' takes it back, and so does a restart.",
      "",
      "Called again it changes nothing, and shows what is left. Takes the settings of 'serve', to",
      "find the node's management port and token.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the node drains; with --wait, no relay session is left",
      "1:it does not: there is no answer, or no other node takes clients",
      "2:a bad setting, file or flag",
      "3:the time of --wait is over, and relay sessions are left; the node drains on"
    })
final class DrainCommand implements Callable<Integer> {
  private static final String PATH = "/v1/drain";
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final int LINE_EVERY = 10;
  private static final int LEFT = 3;

  private final CommandContext context;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--wait",
      arity = "0..1",
      paramLabel = "TIME",
      fallbackValue = "1d",
      order = 100,
      description =
          "Return when no relay session is left, or after this time, such as 2h. Without a time: a"
              + " day.")
  private @Nullable String wait;

  @Option(
      names = "--json",
      order = 101,
      description = "Print what the node answers as JSON; with --wait, the last answer.")
  private boolean json;

  DrainCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Duration limit = limit();
    try (ManagementClient node =
        ManagementClient.of(
            ServeFlags.sources(Objects.requireNonNull(spec), context).load().node())) {
      JsonNode progress = node.post(PATH, Map.of());
      long end = Ticker.SYSTEM.nanos() + limit.toNanos();
      for (int i = 1; isWaiting(progress) && Ticker.SYSTEM.nanos() - end < 0; i++) {
        if (!json && i % LINE_EVERY == 1) {
          context.out().println(progress.path("relay_sessions").asInt() + " relay sessions left");
        }
        LockSupport.parkNanos(LOOK.toNanos());
        progress = node.get(PATH);
      }
      return tell(progress);
    } catch (NoAnswerException e) {
      context.err().println("rallypoint: " + e.getMessage());
      return 1;
    }
  }

  private Duration limit() {
    try {
      return wait == null
          ? Duration.ZERO
          : ConfigFactory.parseMap(Map.of("wait", wait)).getDuration("wait");
    } catch (ConfigException e) {
      throw new SettingException("--wait", wait, "write a time such as 90s, 30m or 2h");
    }
  }

  /** Somebody else may end the drain. */
  private boolean isWaiting(JsonNode progress) {
    return wait != null && isDraining(progress) && !progress.path("drained").asBoolean();
  }

  private static boolean isDraining(JsonNode progress) {
    return progress.path("draining").asBoolean();
  }

  private int tell(JsonNode progress) {
    if (json) {
      context.out().println(progress);
    } else if (isDraining(progress)) {
      DrainText.lines(progress).forEach(context.out()::println);
    }
    if (!isDraining(progress)) {
      context
          .err()
          .println("rallypoint: the drain was ended, by undrain or for want of other nodes");
      return 1;
    }
    return isWaiting(progress) ? LEFT : 0;
  }
}
