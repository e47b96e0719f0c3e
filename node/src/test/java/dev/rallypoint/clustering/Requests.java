package dev.rallypoint.clustering;

import static dev.rallypoint.clustering.Calls.punch;
import static dev.rallypoint.clustering.Calls.sent;

import dev.rallypoint.protocol.proto.PunchHoleResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestNode;
import java.time.Duration;
import java.util.Optional;

/**
 * A requester as clients are: it repeats an unanswered request on its connection, and its user sees
 * a failure when the last one was in vain or the server says no.
 *
 * @param from the node it is connected to
 * @param answers the node that the target's answer goes to
 */
record Requests(TestNode from, TestNode answers) {
  private static final int ATTEMPTS = 3;
  private static final Duration GAP = Duration.ofSeconds(3);

  /** Reaches a target, or tells why not. */
  String reach(Target target, String id) {
    try (TcpClient requester = from.control().plain()) {
      for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
        requester.send(punch(from, id));
        Optional<RendezvousMessage> push = target.pushWithin(GAP);
        if (push.isPresent()) {
          try (TcpClient answer = answers.control()) {
            answer.send(sent(id, push.get()));
            PunchHoleResponse response = requester.receive().getPunchHoleResponse();
            return response.getSocketAddr().isEmpty() ? id + ": " + response : "reached";
          }
        }
      }
      return id + ": no push in " + ATTEMPTS + " attempts";
    }
  }
}
