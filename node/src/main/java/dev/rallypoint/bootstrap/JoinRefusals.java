package dev.rallypoint.bootstrap;

import dev.rallypoint.bootstrap.JoinPolicy.FailNoStarter;
import dev.rallypoint.config.ClusterSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.transport.tls.TlsProbe;
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
 * @param authority the authority that signed this node's certificate; empty for connections in
 *     clear
 */
record JoinRefusals(String self, Optional<String> authority) {
  private static final Duration PROBE = Duration.ofSeconds(2);

  /** Another node that is alive has the address of this one. */
  SettingException addressTaken() {
    return host("another running node has this address; set a distinct cluster-host on each node");
  }

  /** No node begins the cluster. */
  SettingException noStarter(FailNoStarter why) {
    return new SettingException(
        ClusterSettings.SEEDS,
        String.join(",", why.seeds()),
        ("the node %s waits too; start the first one, %s, which begins the cluster, or"
                + " correct its address here and its own cluster-host")
            .formatted(why.waiting(), why.seeds().getFirst()));
  }

  /** Another node is alive by the database, or is the first seed node, and does not answer. */
  SettingException unreachable(String node) {
    Address there = NodeAddress.of(node);
    String host = there.host().get();
    if (AdvertisedAddress.isLoopback(host)
        != AdvertisedAddress.isLoopback(self.replaceFirst(":\\d+$", ""))) {
      return host(
          "the node %s and this one cannot both be right: an address of loopback is"
              + " reached from its own machine only; write cluster-host on both",
          node);
    }
    return connectFailure(host, (int) there.port().get())
        .map(failure ->
            host(
                "the node %s cannot be reached from here (%s); open cluster-port between the"
                    + " nodes, or correct cluster-host there",
                node, failure))
        .orElseGet(() -> otherAuthority(node, there).orElseGet(() -> noAnswer(node)));
  }

  private SettingException noAnswer(String node) {
    return host(
        "the node %s takes connections and does not answer: it must reach this node at %s, and"
            + " cluster-plaintext and cluster-tls-certificate must be written on all nodes or none",
        node, self);
  }

  /** The other node shows a certificate that this one does not take, nor the other one ours. */
  private Optional<SettingException> otherAuthority(String node, Address there) {
    return authority.flatMap(own ->
        TlsProbe.authorityAt(there.host().get(), (int) there.port().get(), PROBE)
            .filter(others -> !others.equals(own))
            .map(others ->
                host(
                    "the certificate of the node %s is signed by '%s', that of this one by '%s';"
                        + " give all nodes one key pair and one db-url, or one cluster-tls-ca",
                    node, others, own)));
  }

  /** A member's database does not answer it, so it does not know whether this node has the same. */
  SettingException databaseSilent(String node) {
    return host(
        "the node %s does not reach its database, and lets no node join until it does; look at its"
            + " log and db-url",
        node);
  }

  /** The cluster of a node found this node's configuration incompatible. */
  SettingException incompatible(String node, String cluster) {
    return new SettingException(
        ClusterSettings.NAME,
        cluster,
        ("the cluster of %s refuses this node; compare cluster-name, key and the"
                + " program's version, its log names what differs")
            .formatted(node));
  }

  /** The cluster of a node did not accept this node in time. */
  SettingException notAccepted(String node, Duration limit) {
    return host(
        "the cluster of %s did not accept this node within %ss; look at its log and"
            + " start this node again",
        node, limit.toSeconds());
  }

  private SettingException host(String advice, Object... values) {
    return new SettingException(ClusterSettings.HOST, self, advice.formatted(values));
  }

  private static Optional<String> connectFailure(String host, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), (int) PROBE.toMillis());
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
