package dev.rallypoint.bootstrap;

import dev.rallypoint.bootstrap.JoinPolicy.FailNobodyBegins;
import dev.rallypoint.config.ClusterSettings;
import dev.rallypoint.config.SettingException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.actor.Address;

/**
 * Why a node cannot join, and what an operator has to change: one line each.
 *
 * @param self the address of this node, {@code host:port}
 */
record JoinRefusals(String self) {
  private static final Duration PROBE = Duration.ofSeconds(2);

  /** Another node that is alive has the address of this one. */
  SettingException addressTaken() {
    return new SettingException(
        ClusterSettings.HOST,
        self,
        "a living node has this address; write "
            + ClusterSettings.HOST
            + ", on each node what the others reach just that one by");
  }

  /** No node begins the cluster. */
  SettingException nobodyBegins(FailNobodyBegins why) {
    return new SettingException(
        ClusterSettings.SEEDS,
        String.join(",", why.seeds()),
        "the node "
            + why.waiting()
            + " waits too; start the first one, "
            + why.seeds().getFirst()
            + ", which begins the cluster, or mend its address here and its own "
            + ClusterSettings.HOST);
  }

  /** Another node is alive by the database, or is the first seed node, and does not answer. */
  SettingException unreachable(String node) {
    Address there = NodeAddress.of(node);
    String host = there.host().get();
    if (AdvertisedAddress.isLoopback(host)
        != AdvertisedAddress.isLoopback(self.replaceFirst(":\\d+$", ""))) {
      return new SettingException(
          ClusterSettings.HOST,
          self,
          "the node "
              + node
              + " and this one cannot both be right: an address of loopback is reached from its own"
              + " machine only; write "
              + ClusterSettings.HOST
              + " on both");
    }
    return new SettingException(
        ClusterSettings.HOST,
        self,
        probe(host, (int) there.port().get())
            .map(fault ->
                "the node "
                    + node
                    + " cannot be reached from here ("
                    + fault
                    + "); open "
                    + ClusterSettings.PORT
                    + " between the nodes, or mend "
                    + ClusterSettings.HOST
                    + " there")
            .orElse(
                "the node "
                    + node
                    + " takes connections and does not answer: it must reach this node at "
                    + self
                    + ", and all nodes or none must have cluster-tls-certificate"));
  }

  private static Optional<String> probe(String host, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), (int) PROBE.toMillis());
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
