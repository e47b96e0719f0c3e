package dev.rallypoint.rendezvous;

import dev.rallypoint.config.RendezvousSettings;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.message.OnlineStates;
import dev.rallypoint.protocol.message.Replies;
import dev.rallypoint.protocol.proto.OnlineRequest;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Answers OnlineRequest: which of the named peers are online. Clients send it to P-1, and over
 * WebSocket to P+2.
 */
final class OnlineQuery {
  /** An id of usual length, its tag and its length, in a query. */
  private static final int QUERIED_ID = 24;

  private OnlineQuery() {}

  /** The longest frame of a port that answers such queries, in bytes. */
  static int maxFrame(RendezvousSettings settings) {
    return Math.max(ClientSession.MAX_FRAME, settings.maxOnlineQuery() * QUERIED_ID);
  }

  /**
   * The answer of all nodes; empty when the query names too many ids, or its host has named too
   * many in this minute, which is counted.
   */
  static Optional<CompletionStage<RendezvousMessage>> answer(
      ConnectionContext context, PeerAddress from, OnlineRequest request) {
    int asked = request.getPeersCount();
    if (asked > context.settings().maxOnlineQuery()) {
      context.counters().dropped(DropReason.FRAME_TOO_LONG);
      return Optional.empty();
    }
    if (!context.onlineQueries().admits(from, asked)) {
      return Optional.empty();
    }
    context.counters().count(Event.ONLINE_QUERIES);
    // Every id has its bit even when nothing is known: a short answer makes the client fail.
    return Optional.of(
        context
            .directory()
            .online(request.getPeersList())
            .thenApply(online -> Replies.online(OnlineStates.encode(asked, online))));
  }
}
