package dev.rallypoint.app.management;

import dev.rallypoint.app.health.ServingState;
import dev.rallypoint.config.NodeRole;
import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.config.PostgresSettings;
import dev.rallypoint.config.SqliteSettings;
import dev.rallypoint.transport.NodeParts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.http.javadsl.server.Directives;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * What {@code GET /v1/node} tells of the node that is asked.
 *
 * @param store sqlite or postgresql
 * @param publicKey the key that clients verify with; empty where the node signs nothing
 */
public record NodeStatus(
    Program program, Place place, State state, String store, Optional<String> publicKey) {

  /**
   * The program that runs.
   *
   * @param version of Rallypoint
   * @param java of the Java runtime
   */
  public record Program(String version, String java, Instant startedAt, Duration uptime) {}

  /**
   * Where the node is in the cluster.
   *
   * @param address host and port by which other nodes reach it
   * @param roles what it does: rendezvous, relay, api
   */
  public record Place(String clusterName, String address, List<String> roles) {}

  /**
   * What the node does at this moment.
   *
   * @param phase starting, serving, draining or stopping
   * @param ready whether it takes clients, as far as it knows without asking its listeners
   * @param refusal why it does not
   * @param shortcoming what it cannot do though it takes clients, such as to store new ids
   * @param peersAtHome how many peers are registered through it
   */
  public record State(
      String phase,
      boolean ready,
      Optional<String> refusal,
      Optional<String> shortcoming,
      int peersAtHome) {}

  /**
   * The route of {@code /v1/node}.
   *
   * @param version of the program
   * @param peersAtHome how many peers are registered through the node
   */
  public static Route route(
      NodeParts parts,
      Optional<String> publicKey,
      String version,
      ServingState serving,
      IntSupplier peersAtHome) {
    ActorSystem<?> system = parts.system();
    NodeSettings settings = parts.settings();
    Instant startedAt = Instant.ofEpochMilli(system.startTime());
    Supplier<NodeStatus> status =
        () ->
            new NodeStatus(
                new Program(
                    version,
                    Runtime.version().toString(),
                    startedAt,
                    Duration.between(startedAt, parts.wallClock().instant())),
                place(system, settings),
                new State(
                    serving.phase().word(),
                    serving.refusal().isEmpty(),
                    serving.refusal(),
                    serving.shortcoming(),
                    peersAtHome.getAsInt()),
                switch (settings.store()) {
                  case SqliteSettings _ -> "sqlite";
                  case PostgresSettings _ -> "postgresql";
                },
                publicKey);
    return Directives.path("node", () -> Directives.get(() -> Json.ok(status.get())));
  }

  private static Place place(ActorSystem<?> system, NodeSettings settings) {
    Address own = Cluster.get(system).selfMember().address();
    return new Place(
        settings.cluster().name(),
        own.host().get() + ":" + own.port().get(),
        settings.cluster().roles().stream().map(NodeRole::word).sorted().toList());
  }
}
