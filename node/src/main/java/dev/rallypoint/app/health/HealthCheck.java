package dev.rallypoint.app.health;

import dev.rallypoint.app.health.ListenerProbe.Question;
import dev.rallypoint.config.ManagementSettings;
import dev.rallypoint.config.NodeRole;
import dev.rallypoint.config.NodeSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Asks each listener of the node on this machine, as a client would, and its console whether it is
 * a member of its cluster. All are asked at the same time. A node that leaves closes its ports for
 * peers first; its relay says at its console that it drains, because its port stays open for a
 * while.
 */
public final class HealthCheck {
  private HealthCheck() {}

  /** What does not answer as it has to, one line each. Blocks for some seconds at most. */
  public static List<String> faults(NodeSettings settings) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<Optional<String>>> asked =
          probes(settings).stream()
              .map(probe -> CompletableFuture.supplyAsync(probe::fault, threads))
              .toList();
      return asked.stream().map(CompletableFuture::join).flatMap(Optional::stream).toList();
    }
  }

  /**
   * What a node without faults cannot do, by its management port: to store new ids, for example,
   * while its disk is full. Empty where nothing answers there.
   */
  public static Optional<String> shortcoming(NodeSettings settings) {
    ManagementSettings own = settings.management();
    if (own.port() == 0) {
      return Optional.empty();
    }
    InetAddress host =
        own.bind().isEmpty()
            ? InetAddress.getLoopbackAddress()
            : new InetSocketAddress(own.bind(), 0).getAddress();
    try {
      return ListenerProbe.shortcoming(new InetSocketAddress(host, own.port()));
    } catch (IOException e) {
      return Optional.empty(); // the port may be closed: it serves no clients
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
    if (settings.entrance().apiPort().isRequired() && isIdServer) {
      // The default one may be another program's.
      probes.tcp(settings.entrance().apiPort().port(), ListenerProbe::notFound);
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
