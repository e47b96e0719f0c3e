package dev.rallypoint.rendezvous;

import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.message.Replies;
import dev.rallypoint.protocol.proto.HttpProxyRequest;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Answers HttpProxyRequest: the HTTP API calls that clients send over their connection to the ID
 * server. Must be safe for all threads.
 */
@FunctionalInterface
public interface HttpProxyHandler {

  /**
   * Answers one call with a HttpProxyResponse; the client waits 36 s for all of it. A failed stage
   * closes the connection.
   *
   * @param from the client's address
   */
  CompletionStage<RendezvousMessage> answer(HttpProxyRequest call, PeerAddress from);

  /**
   * The handler of a node without an API. It answers 404 at once, because clients send a call for
   * each heartbeat that failed by HTTP.
   */
  static HttpProxyHandler none() {
    RendezvousMessage notFound = Replies.apiCall(404, "{\"error\":\"this server has no API\"}");
    return (call, from) -> CompletableFuture.completedStage(notFound);
  }
}
