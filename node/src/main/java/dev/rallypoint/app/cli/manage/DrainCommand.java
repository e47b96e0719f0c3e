package dev.rallypoint.app.cli.manage;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import dev.rallypoint.app.management.ManagementClient;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.time.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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
      "Called again it changes nothing, and shows what is left.",
      ""
    },
    footer = {
      "",
      "Exit codes: 0 the node drains, and with --wait no relay session is left; 1 it does not, because",
      "there is no answer or no other node takes clients; 2 a bad flag or setting; 3 the time of --wait",
      "is over and relay sessions are left, the node drains on."
    })
public final class DrainCommand extends AskingCommand {
  private static final String PATH = "/v1/drain";
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final int LINE_EVERY = 10;
  private static final int LEFT = 3;

  @Option(
      names = "--wait",
      arity = "0..1",
      paramLabel = "TIME",
      fallbackValue = "1d",
      order = 99,
      description =
          "Return when no relay session is left, or after this time, such as 2h. Without a time: a"
              + " day.")
  private @Nullable String wait;

  /** The command. */
  public DrainCommand(ManageContext context) {
    super(context);
  }

  @Override
  int run(ManagementClient node) {
    Duration limit = limit();
    JsonNode progress = node.post(PATH, Map.of());
    long end = Ticker.SYSTEM.nanos() + limit.toNanos();
    for (int i = 1; isWaiting(progress) && Ticker.SYSTEM.nanos() - end < 0; i++) {
      if (!isJson() && i % LINE_EVERY == 1) {
        out().println(progress.path("relay_sessions").asInt() + " relay sessions left");
      }
      LockSupport.parkNanos(LOOK.toNanos());
      progress = node.get(PATH);
    }
    return tell(progress);
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
    if (isJson()) {
      print(progress);
    } else if (isDraining(progress)) {
      DrainText.lines(progress).forEach(out()::println);
    }
    if (!isDraining(progress)) {
      refuse("the drain was ended, by undrain or for want of other nodes");
      return 1;
    }
    return isWaiting(progress) ? LEFT : 0;
  }
}
