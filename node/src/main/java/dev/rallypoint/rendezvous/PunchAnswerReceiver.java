package dev.rallypoint.rendezvous;

import dev.rallypoint.cluster.ClusterMessage;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.rendezvous.PunchSession.Known;
import dev.rallypoint.rendezvous.PunchSession.TargetAnswered;
import java.util.concurrent.ConcurrentMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Takes targets' answers for the requesters on this node, one desk per node: where a requester's
 * session is away or has forgotten, all desks are asked.
 */
final class PunchAnswerReceiver {
  /** Its name on every node. */
  static final String NAME = "punch-desk";

  private PunchAnswerReceiver() {}

  /** Is this requester on one of your connections? Then this is for it. */
  record Search(PeerAddress requester, TargetAnswered answer, ActorRef<Known> replyTo)
      implements ClusterMessage {}

  /**
   * The desk of a node.
   *
   * @param here the connections of the requesters on this node
   */
  static Behavior<Search> create(ConcurrentMap<PeerAddress, ActorRef<Object>> here) {
    return Behaviors.receiveMessage(search -> {
      ActorRef<Object> connection = here.get(search.requester);
      if (connection != null) {
        connection.tell(search.answer);
      }
      search.replyTo.tell(new Known(connection != null));
      return Behaviors.same();
    });
  }
}
