package dev.rallypoint.app.cli;

import dev.rallypoint.app.cli.ListenerProbe.Connect;
import dev.rallypoint.app.cli.ListenerProbe.ConsoleHealth;
import dev.rallypoint.app.cli.ListenerProbe.NatTest;
import dev.rallypoint.app.cli.ListenerProbe.Question;
import dev.rallypoint.app.cli.ListenerProbe.UdpNatTest;
import dev.rallypoint.app.cli.ListenerProbe.WebSocketHandshake;
import dev.rallypoint.config.NodeRole;
import dev.rallypoint.config.NodeSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Asks each listener of the node on this machine, as a client would, and its console whether it is
 * a member of its cluster: for containers and load balancers. All are asked at the same time. A
 * node that leaves closes its ports for peers first; its relay says at its console that it drains,
 * because its port stays open for a while.
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
      "does not answer otherwise: also while the node starts, and once it is told to stop.",
      ""
    })
final class HealthCommand implements Callable<Integer> {
  private final CommandContext surroundings;

  @Mixin private final ServeFlags flags = new ServeFlags();

  HealthCommand(CommandContext surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    List<String> faults = faults(probes(flags.sources(surroundings).load().node()));
    if (faults.isEmpty()) {
      surroundings.out().println("healthy");
      return 0;
    }
    faults.forEach(fault -> surroundings.err().println("rallypoint: not healthy, " + fault));
    return 1;
  }

  private static List<String> faults(List<ListenerProbe> probes) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<Optional<String>>> asked =
          probes.stream()
              .map(probe ->
                  CompletableFuture.supplyAsync(
                      () -> probe.fault().map(fault -> probe.name() + ": " + fault), threads))
              .toList();
      return asked.stream().map(CompletableFuture::join).flatMap(Optional::stream).toList();
    }
  }

  private static List<ListenerProbe> probes(NodeSettings settings) {
    Probes probes = new Probes(settings, new ArrayList<>());
    boolean isIdServer = settings.cluster().roles().contains(NodeRole.RENDEZVOUS);
    if (isIdServer) {
      int port = settings.rendezvous().port();
      probes.add("port " + port + "/udp", port, new UdpNatTest());
      probes.tcp(port, new NatTest());
      probes.tcp(settings.rendezvous().natTestPort(), new NatTest());
      probes.tcp(settings.rendezvous().webSocketPort(), new WebSocketHandshake("/"));
      probes.console("cluster", settings.rendezvous().natTestPort());
    }
    if (settings.cluster().roles().contains(NodeRole.RELAY)) {
      probes.tcp(settings.relay().port(), new ConsoleHealth());
      probes.tcp(settings.relay().webSocketPort(), new WebSocketHandshake("/"));
    }
    if (settings.entrance().httpsPort() > 0) {
      // Without TLS it is served on loopback only.
      boolean isLoopback = probes.host().isLoopbackAddress();
      String path = isIdServer ? "/ws/id" : "/ws/relay";
      probes.tcp(
          settings.entrance().httpsPort(),
          isLoopback ? new WebSocketHandshake(path) : new Connect());
    }
    return probes.all;
  }

  private record Probes(NodeSettings settings, List<ListenerProbe> all) {
    InetAddress host() {
      return settings.bind().isEmpty()
          ? InetAddress.getLoopbackAddress()
          : InetAddress.ofLiteral(settings.bind());
    }

    void add(String name, int port, Question question) {
      all.add(new ListenerProbe(name, new InetSocketAddress(host(), port), question));
    }

    /** Where a PROXY protocol header is expected, a port that is open has to do. */
    void tcp(int port, Question question) {
      boolean isAsked = !settings.entrance().proxies().isHeaderExpectedOn(port);
      add("port " + port, port, isAsked ? question : new Connect());
    }

    void console(String name, int port) {
      if (!settings.entrance().proxies().isHeaderExpectedOn(port)) {
        add(name, port, new ConsoleHealth());
      }
    }
  }
}
