package dev.rallypoint.forming;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.rallypoint.config.ClusterSettings;
import dev.rallypoint.config.NodeRole;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.apache.pekko.cluster.typed.SelfUp;
import org.apache.pekko.cluster.typed.Subscribe;

/** Joins a cluster: that of the seed nodes, or one of its own. */
public final class Joining {
  /** The name of each node's actor system; nodes of different names do not talk. */
  public static final String SYSTEM = "rallypoint";

  private Joining() {}

  /** Pekko's configuration for a node with these settings. */
  public static Config config(ClusterSettings settings) {
    Config base = ConfigFactory.load("cluster");
    List<String> roles = settings.roles().stream().map(NodeRole::word).sorted().toList();
    Config own = ConfigFactory.parseMap(Map.of("pekko.cluster.roles", roles));
    if (settings.seeds().isEmpty()) {
      return own.withFallback(base);
    }
    return own.withFallback(
            ConfigFactory.parseMap(
                Map.of(
                    "pekko.remote.artery.canonical.hostname",
                    settings.host(),
                    "pekko.remote.artery.canonical.port",
                    settings.port())))
        .withFallback(base);
  }

  /**
   * Joins once it is told to.
   *
   * @param up complete when this node is a member, whether alone or with others
   */
  public static Behavior<Word> guardian(ClusterSettings settings, CompletableFuture<Done> up) {
    return Behaviors.setup(context -> {
      Cluster cluster = Cluster.get(context.getSystem());
      cluster
          .subscriptions()
          .tell(
              Subscribe.create(
                  context.messageAdapter(SelfUp.class, selfUp -> Word.UP), SelfUp.class));
      return Behaviors.receiveMessage(word -> {
        switch (word) {
          case JOIN -> join(cluster, settings);
          case UP -> up.complete(Done.getInstance());
        }
        return Behaviors.same();
      });
    });
  }

  /** What the guardian hears. */
  public enum Word {
    /** Now is the time: the node takes part in all shardings. */
    JOIN,
    /** The node is a member. */
    UP
  }

  private static void join(Cluster cluster, ClusterSettings settings) {
    if (settings.seeds().isEmpty()) {
      cluster.manager().tell(Join.create(cluster.selfMember().address()));
    } else {
      cluster
          .manager()
          .tell(new JoinSeedNodes(settings.seeds().stream().map(Joining::address).toList()));
    }
  }

  private static Address address(InetSocketAddress seed) {
    return new Address("pekko", SYSTEM, seed.getHostString(), seed.getPort());
  }
}
