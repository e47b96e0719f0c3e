package dev.rallypoint.app.cli;

import dev.rallypoint.app.cli.ListenerProbe.Question;
import dev.rallypoint.config.NodeRole;
import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.config.SettingSources;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

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
  private final CommandContext context;

  @Spec private @Nullable CommandSpec spec;

  HealthCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    SettingSources sources = ServeFlags.sources(Objects.requireNonNull(spec), context);
    List<String> faults = faults(probes(sources.load().node()));
    if (faults.isEmpty()) {
      context.out().println("healthy");
      return 0;
    }
    faults.forEach(fault -> context.err().println("rallypoint: not healthy, " + fault));
    return 1;
  }

  private static List<String> faults(List<ListenerProbe> probes) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<Optional<String>>> asked =
          probes.stream()
              .map(probe -> CompletableFuture.supplyAsync(probe::fault, threads))
              .toList();
      return asked.stream().map(CompletableFuture::join).flatMap(Optional::stream).toList();
    }
  }

  private static List<ListenerProbe> probes(NodeSettings settings) {
    Probes probes = new Probes(settings, new ArrayList<>());
    boolean isIdServer = settings.cluster().roles().contains(NodeRole.RENDEZVOUS);
    if (isIdServer) {
      int port = settings.rendezvous().port();
      int natTest = settings.rendezvous().natTestPort();
      probes.add("port " + port + "/udp", port, ListenerProbe::natTestByUdp);
      probes.tcp(port, ListenerProbe::natTest);
      probes.tcp(natTest, ListenerProbe::natTest);
      probes.tcp(settings.rendezvous().webSocketPort(), ListenerProbe.webSocket("/"));
      if (!probes.isHeaderExpectedOn(natTest)) {
        probes.add("cluster", natTest, ListenerProbe::consoleHealth);
      }
    }
    if (settings.cluster().roles().contains(NodeRole.RELAY)) {
      probes.tcp(settings.relay().port(), ListenerProbe::consoleHealth);
      probes.tcp(settings.relay().webSocketPort(), ListenerProbe.webSocket("/"));
    }
    if (settings.entrance().httpsPort() > 0) {
      // Without TLS it is served on loopback only.
      boolean isLoopback = probes.host().isLoopbackAddress();
      Question handshake = ListenerProbe.webSocket(isIdServer ? "/ws/id" : "/ws/relay");
      probes.tcp(settings.entrance().httpsPort(), isLoopback ? handshake : ListenerProbe::connect);
    }
    return probes.all;
  }

  private record Probes(NodeSettings settings, List<ListenerProbe> all) {
    InetAddress host() {
      return settings.bind().isEmpty()
          ? InetAddress.getLoopbackAddress()
          : new InetSocketAddress(settings.bind(), 0).getAddress(); // with its interface
    }

    boolean isHeaderExpectedOn(int port) {
      return settings.entrance().proxies().isHeaderExpectedOn(port);
    }

    void add(String name, int port, Question question) {
      all.add(new ListenerProbe(name, new InetSocketAddress(host(), port), question));
    }

    /** Where a PROXY protocol header is expected, a port that is open has to do. */
    void tcp(int port, Question question) {
      add("port " + port, port, isHeaderExpectedOn(port) ? ListenerProbe::connect : question);
    }
  }
}
