package dev.rallypoint.loadtest.balancers;

import dev.rallypoint.loadtest.cluster.ClusterNetwork;
import dev.rallypoint.loadtest.cluster.TestCertificate;
import dev.rallypoint.loadtest.environment.EnvironmentException;
import dev.rallypoint.loadtest.environment.NetworkNamespaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A way to put one address in front of several nodes, with the files of {@code docker/proxies}. */
enum Balancer {
  /** HAProxy for TCP, nftables for UDP, both asking {@code /readyz}. */
  HAPROXY(List.of("haproxy", "curl", "conntrack")) {
    @Override
    List<ProgramInNamespace> start(Place place) {
      place.asGateway();
      Map<String, String> nodes =
          Map.of(
              "NODE_1", ClusterNetwork.clientAddress(1),
              "NODE_2", ClusterNetwork.clientAddress(2),
              "NODE_3", ClusterNetwork.clientAddress(3),
              "NODES", String.join(" ", place.addresses()));
      String file = place.examples.resolve("haproxy-nodes.cfg").toString();
      String script = place.examples.resolve("udp-nodes").toString();
      return List.of(
          place.start(Place.LABEL, "haproxy", nodes, List.of("haproxy", "-db", "-f", file)),
          place.start(Place.LABEL, "udp-nodes", nodes, List.of("sh", script)));
    }
  },

  /** nginx for both; it finds out that a node is gone when it refuses. */
  NGINX(List.of("nginx")) {
    @Override
    List<ProgramInNamespace> start(Place place) {
      place.asGateway();
      NetworkNamespaces namespaces = place.network.namespaces();
      namespaces.ip(Place.LABEL, "rule", "add", "fwmark", "1", "lookup", "100");
      namespaces.ip(Place.LABEL, "route", "add", "local", "default", "dev", "lo", "table", "100");
      namespaces.addRules(
          Place.LABEL,
          """
          table ip rallypoint {
            chain from_nodes {
              type filter hook prerouting priority mangle
              ip saddr { %1$s } udp sport 21116 meta mark set 1
              ip saddr { %1$s } icmp type destination-unreachable meta mark set 1
            }
          }
          """
              .formatted(String.join(", ", place.addresses())));
      Path file = place.changed("nginx-stream.conf", Map.of("10.0.0.", "203.0.113."));
      String global = "daemon off; pid " + place.work.resolve("nginx.pid") + ";";
      List<String> command = List.of("nginx", "-c", file.toString(), "-e", "stderr", "-g", global);
      return List.of(place.start(Place.LABEL, "nginx", Map.of(), command));
    }
  },

  /** An address that is at one of the nodes. */
  KEEPALIVED(List.of("keepalived")) {
    @Override
    List<ProgramInNamespace> start(Place place) {
      Path check = place.launcher.toAbsolutePath().resolveSibling("healthcheck");
      Path file =
          place.changed(
              "keepalived.conf",
              Map.of(
                  "interface eth0",
                  "interface " + ClusterNetwork.WAN,
                  "script_user nobody",
                  "script_user root",
                  "/opt/rallypoint/bin/healthcheck",
                  check.toString()));
      return IntStream.rangeClosed(1, place.network.size())
          .mapToObj(node -> {
            String label = ClusterNetwork.label(node);
            String own = place.work.resolve(label + "-keepalived").toString();
            return place.start(
                label,
                label + "-keepalived",
                Map.of(),
                // In a session of its own: it signals its process group.
                List.of(
                    "setsid",
                    "keepalived",
                    "--dont-fork",
                    "--log-console",
                    "--vrrp",
                    "--use-file=" + file,
                    "--pid=" + own + ".pid",
                    "--vrrp_pid=" + own + ".vrrp.pid"));
          })
          .toList();
    }
  };

  private final List<String> programs;

  Balancer(List<String> programs) {
    this.programs = programs;
  }

  /** The programs that it needs. */
  List<String> programs() {
    return programs;
  }

  /** Whether one node at a time takes clients at the shared address. */
  boolean isFailover() {
    return this == KEEPALIVED;
  }

  /** What the nodes are set to, {@code name=value}. */
  List<String> settings() {
    return isFailover()
        ? List.of()
        : List.of(
            "management-bind=0.0.0.0",
            "trusted-proxies=" + TestCertificate.SHARED_ADDRESS,
            "proxy-protocol=21115,21116,21117,21118,21119");
  }

  /** Starts it in front of the nodes, which have the shared address behind it. */
  abstract List<ProgramInNamespace> start(Place place);

  /**
   * Where it runs.
   *
   * @param examples the folder of its files
   * @param work a folder for logs
   */
  record Place(ClusterNetwork network, Path launcher, Path examples, Path work) {
    /** The namespace of a balancer that is a machine of its own. */
    private static final String LABEL = "balancer";

    private List<String> addresses() {
      return IntStream.rangeClosed(1, network.size())
          .mapToObj(ClusterNetwork::clientAddress)
          .toList();
    }

    /** A machine with the shared address, through which the nodes reach clients. */
    private void asGateway() {
      network.addGateway(LABEL, TestCertificate.SHARED_ADDRESS);
      IntStream.rangeClosed(1, network.size())
          .forEach(node -> network.leadThrough(node, TestCertificate.SHARED_ADDRESS));
    }

    private ProgramInNamespace start(
        String label, String name, Map<String, String> environment, List<String> command) {
      Path log = work.resolve(name + ".log");
      return ProgramInNamespace.start(network.namespaces(), label, log, environment, command);
    }

    /** An example with some parts replaced; each must be there. */
    private Path changed(String name, Map<String, String> changes) {
      try {
        String text = Files.readString(examples.resolve(name));
        for (Map.Entry<String, String> change : changes.entrySet()) {
          if (!text.contains(change.getKey())) {
            throw new EnvironmentException(name + " has no " + change.getKey());
          }
          text = text.replace(change.getKey(), change.getValue());
        }
        return Files.writeString(work.resolve(name), text);
      } catch (IOException e) {
        throw new EnvironmentException(name + ": " + e.getMessage(), e);
      }
    }
  }
}
