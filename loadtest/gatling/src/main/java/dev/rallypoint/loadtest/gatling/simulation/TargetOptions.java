package dev.rallypoint.loadtest.gatling.simulation;

import dev.rallypoint.loadtest.gatling.dsl.RendezvousDsl;
import dev.rallypoint.loadtest.gatling.dsl.RendezvousProtocolBuilder;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Where the load goes, and the own addresses that it comes from. */
final class TargetOptions {
  private static final int FEWEST_SOURCES = 20;
  private static final int PEERS_A_SOURCE = 1_000;
  private static final String FIRST_SOURCE = "127.18.0.1";

  @Option(
      names = "--target",
      split = ",",
      paramLabel = "HOST[:PORT]",
      defaultValue = "127.0.0.1",
      description = {
        "The ID server; several nodes of one cluster with commas. The other ports follow as for a"
            + " client: one below for online queries, one above for the relay, two above for"
            + " WebSocket. Default: ${DEFAULT-VALUE}, port 21116."
      })
  private List<String> target = List.of("127.0.0.1");

  @Option(
      names = "--allow-public-target",
      description = "Sends load also to a target that is neither loopback nor private.")
  private boolean allowsPublicTarget;

  @Option(
      names = "--key",
      paramLabel = "KEY",
      defaultValue = "",
      description =
          "The server's public key as users type it (bin/rallypoint keys show). A node with"
              + " default settings refuses punches and relays without it.")
  private String key = "";

  @Option(
      names = "--source",
      paramLabel = "IP",
      defaultValue = "",
      description =
          "The first own IPv4 address of the simulated clients, which this machine must have."
              + " Default: 127.18.0.1 for a target of 127.0.0.0/8, else what the system chooses.")
  private String source = "";

  @Option(
      names = "--sources",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "How many own addresses, counted up from --source; each takes 5,000 devices at most."
              + " Default: one for 1,000 devices, at least 20.")
  private int sources;

  List<Target> targets() {
    return target.stream().map(text -> Target.parse(text, allowsPublicTarget)).toList();
  }

  int nodes() {
    return target.size();
  }

  boolean allowsPublicTarget() {
    return allowsPublicTarget;
  }

  int sources() {
    return sources;
  }

  /**
   * The protocol with its servers, its key and its source addresses.
   *
   * @param peers how many devices this process simulates
   * @param generator the number of this generator, from 0
   */
  RendezvousProtocolBuilder protocol(int peers, int generator) {
    List<Target> servers = targets();
    RendezvousProtocolBuilder protocol =
        RendezvousDsl.rendezvous.servers(servers.stream().map(Target::text).toList()).key(key);
    boolean isHere = servers.stream().allMatch(Target::isLoopback);
    boolean hasWholeLoopback =
        System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux");
    if (source.isEmpty() && !(isHere && hasWholeLoopback)) {
      return protocol;
    }
    int count = sources > 0 ? sources : Math.max(FEWEST_SOURCES, peers / PEERS_A_SOURCE + 1);
    return protocol.sourceAddresses(
        SourceRange.shifted(
            source.isEmpty() ? FIRST_SOURCE : source, generator * (count + count / 100 + 8)),
        count);
  }
}
