package dev.rallypoint.rendezvous;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.message.OnlineStates;
import dev.rallypoint.protocol.message.Replies;
import dev.rallypoint.protocol.proto.OnlineRequest;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Which of these ids are online? Asked on P-1, and over WebSocket. */
record OnlineQuery(Rendezvous rendezvous) {
  /** An id of usual length, its tag and its length, in a query. */
  private static final int QUERIED_ID = 24;

  /** The longest frame of a port that answers such queries, in bytes. */
  static int maxFrame(int otherwise, int maxIds) {
    return Math.max(otherwise, maxIds * QUERIED_ID);
  }

  /** The answer of all nodes; empty when the query names too many ids, which is counted. */
  Optional<CompletionStage<RendezvousMessage>> answer(OnlineRequest request) {
    int asked = request.getPeersCount();
    if (asked > rendezvous.settings().maxOnlineQuery()) {
      rendezvous.counters().dropped(DropReason.FRAME_TOO_LONG);
      return Optional.empty();
    }
    rendezvous.counters().count(Event.ONLINE_QUERIES);
    // Every bit has its place even when nothing is known: a short answer makes the client fail.
    return Optional.of(
        rendezvous
            .directory()
            .online(request.getPeersList())
            .thenApply(online -> Replies.online(OnlineStates.encode(asked, online))));
  }
}
