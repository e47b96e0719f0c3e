package dev.rallypoint.testing;

import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.remote.RARP;
import org.apache.pekko.remote.transport.ThrottlerTransportAdapter;
import scala.jdk.javaapi.FutureConverters;

/**
 * What one node hears from another and says to it; nodes need Artery's test mode for it.
 *
 * @param on the node where it is cut
 * @param other the node it leads to
 */
@SuppressWarnings("deprecation") // The words are those of the older remoting.
public record ClusterLink(ActorSystem<?> on, Address other) {

  static ClusterLink between(ActorSystem<?> on, ActorSystem<?> other) {
    return new ClusterLink(on, Cluster.get(other).selfMember().address());
  }

  /** Lets nothing through in either direction, and says so to nobody. */
  public void cut() {
    set(ThrottlerTransportAdapter.blackholeThrottleMode());
  }

  void heal() {
    set(ThrottlerTransportAdapter.unthrottledThrottleMode());
  }

  private void set(ThrottlerTransportAdapter.ThrottleMode mode) {
    RARP transport = (RARP) RARP.get(on);
    FutureConverters.asJava(
            transport
                .provider()
                .transport()
                .managementCommand(
                    new ThrottlerTransportAdapter.SetThrottle(
                        other, ThrottlerTransportAdapter.bothDirection(), mode)))
        .toCompletableFuture()
        .join();
  }
}
