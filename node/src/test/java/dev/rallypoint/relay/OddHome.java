package dev.rallypoint.relay;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;

/** A home of legs that has no sockets, and does with tickets what a test wants. */
final class OddHome {
  private final BlockingQueue<LegAnswer> heard = new LinkedBlockingQueue<>();
  private final ActorSystem<?> system;
  private final ActorRef<LegAnswer> self;

  OddHome(ActorSystem<?> system) {
    this.system = system;
    this.self =
        system.systemActorOf(
            Behaviors.receiveMessage(answer -> {
              heard.add(answer);
              return Behaviors.same();
            }),
            RelayStart.unique("odd-home"),
            Props.empty());
  }

  /** Says that a leg is here, and that other nodes reach it so. */
  OddHome join(String uuid, long number, Side side, BackhaulAddress address) {
    ClusterSharding.get(system)
        .entityRefFor(RelaySession.KEY, uuid)
        .tell(new RelaySession.Join(new LegName(self, number), side, 0, address));
    return this;
  }

  /** The next answer, which must be of this kind. */
  <T extends LegAnswer> T hear(Class<T> kind) {
    try {
      LegAnswer next = heard.poll(20, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("nothing came instead of " + kind.getSimpleName());
      }
      return kind.cast(next);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
