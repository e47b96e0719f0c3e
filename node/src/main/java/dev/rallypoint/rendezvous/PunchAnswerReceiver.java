package dev.rallypoint.rendezvous;

import dev.rallypoint.cluster.ClusterMessage;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.rendezvous.PunchSession.Known;
import dev.rallypoint.rendezvous.PunchSession.TargetAnswered;
import dev.rallypoint.transport.Link;
import java.util.concurrent.ConcurrentMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The actor of a node that passes targets' answers to the requesters connected to this node. All
 * nodes' receivers are asked when a requester's {@link PunchSession} does not answer or does not
 * know the requester.
 */
final class PunchAnswerReceiver {
  /** The actor's name on every node. */
  static final String NAME = "punch-answers";

  private PunchAnswerReceiver() {}

  /** A target's answer, to be passed on if the requester is connected to this node. */
  record Search(PeerAddress requester, TargetAnswered answer, ActorRef<Known> replyTo)
      implements ClusterMessage {}

  /**
   * The actor's behavior.
   *
   * @param requesters the connections of the requesters on this node
   */
  static Behavior<Search> create(ConcurrentMap<PeerAddress, ActorRef<Link.Message>> requesters) {
    return Behaviors.receiveMessage(search -> {
      ActorRef<Link.Message> connection = requesters.get(search.requester);
      if (connection != null) {
        connection.tell(search.answer);
      }
      search.replyTo.tell(new Known(connection != null));
      return Behaviors.same();
    });
  }
}
