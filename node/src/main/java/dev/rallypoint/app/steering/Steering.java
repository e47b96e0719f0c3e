package dev.rallypoint.app.steering;

import dev.rallypoint.app.steering.SteeringCommand.CutSession;
import dev.rallypoint.app.steering.SteeringCommand.DescribeNode;
import dev.rallypoint.app.steering.SteeringCommand.FindClient;
import dev.rallypoint.app.steering.SteeringCommand.FindPeers;
import dev.rallypoint.app.steering.SteeringCommand.ListPeers;
import dev.rallypoint.app.steering.SteeringCommand.ListSessions;
import dev.rallypoint.app.steering.SteeringCommand.SessionCut;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The actor that answers operators for its node. It goes through all peers or sessions of the node
 * for an answer, so it runs on the dispatcher for blocking work.
 */
final class Steering {
  private static final Logger LOG = LoggerFactory.getLogger(Steering.class);

  private Steering() {}

  static Behavior<SteeringCommand> behavior(LocalView node) {
    Behavior<SteeringCommand> answering =
        Behaviors.receiveMessage(command -> {
          switch (command) {
            case DescribeNode describe -> describe.replyTo().tell(node.report());
            case ListSessions list -> list.replyTo().tell(node.sessions(list.most()));
            case CutSession cut -> cut.replyTo().tell(cut(node, cut.uuid()));
            case ListPeers list -> list.replyTo().tell(node.peers(list.after(), list.most()));
            case FindPeers find -> find.replyTo().tell(node.peers(find.ids()));
            case FindClient find -> find.replyTo().tell(node.client(find.id(), find.host()));
          }
          return Behaviors.same();
        });
    return Behaviors.supervise(answering).onFailure(SupervisorStrategy.resume());
  }

  private static SessionCut cut(LocalView node, String uuid) {
    boolean isFound = node.cut(uuid);
    if (isFound) {
      LOG.info("the relay session {} was cut by an order", uuid);
    }
    return new SessionCut(node.name(), isFound);
  }
}
