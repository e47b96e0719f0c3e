package dev.rallypoint.app.management;

import dev.rallypoint.app.health.ServingState;
import dev.rallypoint.cluster.Members;
import dev.rallypoint.config.NodeRole;
import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.OpenConnections;
import dev.rallypoint.metrics.Reading;
import dev.rallypoint.store.PeerStore;
import java.io.File;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;

/** Shows in the metrics what a node is and sees, beside what its parts count by themselves. */
public final class NodeReadings {
  private static final Map<String, MemberStatus> MEMBERS =
      Map.of(
          "joining", MemberStatus.joining(),
          "weakly_up", MemberStatus.weaklyUp(),
          "up", MemberStatus.up(),
          "leaving", MemberStatus.leaving(),
          "exiting", MemberStatus.exiting(),
          "down", MemberStatus.down());

  private final ActorSystem<?> system;
  private final Counters counters;

  /** Of a node that counts here. */
  public NodeReadings(ActorSystem<?> system, Counters counters) {
    this.system = system;
    this.counters = counters;
  }

  /** The program, its runtime and what the node does. */
  public void showNode(String version, ServingState serving, IntSupplier peersAtHome) {
    counters.addRuntime();
    counters.gauge(Reading.BUILD_INFO, version, () -> 1);
    for (ServingState.Phase phase : ServingState.Phase.values()) {
      counters.gauge(Reading.NODE_STATE, phase.word(), () -> serving.phase() == phase ? 1 : 0);
    }
    counters.gauge(Reading.NODE_READY, () -> serving.refusal().isEmpty() ? 1 : 0);
    counters.gauge(Reading.PEERS_AT_HOME, peersAtHome::getAsInt);
    MEMBERS.forEach((state, status) ->
        counters.gauge(
            Reading.CLUSTER_MEMBERS,
            state,
            () -> Members.of(system).filter(member -> member.status().equals(status)).count()));
    counters.gauge(
        Reading.CLUSTER_UNREACHABLE, () -> Cluster.get(system).state().getUnreachable().size());
  }

  /** The connections of the listeners that the settings have. */
  public void showListeners(NodeSettings settings) {
    OpenConnections open = counters.connections();
    if (settings.cluster().roles().contains(NodeRole.RENDEZVOUS)) {
      open.show("id", settings.rendezvous().port());
      open.show("nat_test", settings.rendezvous().natTestPort());
      open.show("id_websocket", settings.rendezvous().webSocketPort());
      if (settings.entrance().apiPort().port() > 0) {
        open.show("api", settings.entrance().apiPort().port());
      }
    }
    if (settings.cluster().roles().contains(NodeRole.RELAY)) {
      open.show("relay", settings.relay().port());
      open.show("relay_websocket", settings.relay().webSocketPort());
    }
    if (settings.entrance().httpsPort() > 0) {
      open.show("https", settings.entrance().httpsPort());
    }
  }

  /** When a certificate runs out: that for clients, or that for nodes. */
  public void showCertificate(String certificate, Supplier<Instant> end) {
    counters.gauge(Reading.CERTIFICATE_EXPIRY, certificate, () -> end.get().getEpochSecond());
  }

  /** The database, which is asked from now on, and the disk. */
  public void showStore(PeerStore store, Path data) {
    DatabaseProbe.start(system, store, counters);
    counters.gauge(Reading.DATABASE_WRITABLE, () -> store.writeFault().isEmpty() ? 1 : 0);
    File folder = data.toFile();
    counters.gauge(
        Reading.DATA_FOLDER_FREE, () -> folder.exists() ? folder.getUsableSpace() : Double.NaN);
  }
}
