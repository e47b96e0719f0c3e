package dev.rallypoint.relay.session;

import dev.rallypoint.relay.legs.NodeLegsRegistry;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;

/** The actor of a node without sockets, whose legs a test plays. */
public final class FakeNode {
  private final BlockingQueue<SessionReply> received = new LinkedBlockingQueue<>();
  private final ActorSystem<?> system;
  private final ActorRef<SessionReply> self;

  public FakeNode(ActorSystem<?> system) {
    this.system = system;
    this.self =
        system.systemActorOf(
            Behaviors.receiveMessage(answer -> {
              received.add(answer);
              return Behaviors.same();
            }),
            NodeLegsRegistry.unique("odd-node"),
            Props.empty());
  }

  /** Sends that a leg is here, and how other nodes reach it. */
  public FakeNode join(String uuid, long number, SessionSide side, BackhaulAddress address) {
    ClusterSharding.get(system)
        .entityRefFor(RelaySession.KEY, uuid)
        .tell(new SessionCommand.Join(new LegRef(self, number), side, 0, address));
    return this;
  }

  /** The next answer, which must be of this kind. */
  public <T extends SessionReply> T receive(Class<T> kind) {
    try {
      SessionReply next = received.poll(20, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("nothing came instead of " + kind.getSimpleName());
      }
      return kind.cast(next);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
