package dev.rallypoint.app.api;

import dev.rallypoint.api.ApiAnswer;
import dev.rallypoint.api.ApiRequest;
import dev.rallypoint.api.ApiRouter;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.message.Replies;
import dev.rallypoint.protocol.proto.HeaderEntry;
import dev.rallypoint.protocol.proto.HttpProxyRequest;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.rendezvous.HttpProxyHandler;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Answers the API calls that clients send over a connection to the ID server by the routes that
 * answer HTTP. Until {@link #open} they get 404, as on a node without an API.
 */
final class ApiCalls implements HttpProxyHandler {
  private static final String PREFIX = "/api/";

  private final ApiRouter router;
  private final HttpProxyHandler none = HttpProxyHandler.none();
  private volatile boolean isOpen;

  ApiCalls(ApiRouter router) {
    this.router = router;
  }

  /** From now on calls are answered by the routes. */
  void open() {
    isOpen = true;
  }

  @Override
  public CompletionStage<RendezvousMessage> answer(HttpProxyRequest call, PeerAddress from) {
    String[] parts = call.getPath().replaceFirst("#.*", "").split("\\?", 2);
    String path = parts[0];
    return isOpen && path.startsWith(PREFIX)
        ? router
            .answer(request(call, path, parts.length > 1 ? parts[1] : "", from))
            .thenApply(ApiCalls::message)
        : none.answer(call, from);
  }

  private static ApiRequest request(
      HttpProxyRequest call, String path, String query, PeerAddress from) {
    return new ApiRequest(
        call.getMethod().toUpperCase(Locale.ROOT),
        path,
        query,
        header(call, "authorization"),
        header(call, "content-type").orElse(""),
        call.getBody().toByteArray(),
        from);
  }

  private static Optional<String> header(HttpProxyRequest call, String name) {
    return call.getHeadersList().stream()
        .filter(header -> header.getName().equalsIgnoreCase(name))
        .map(HeaderEntry::getValue)
        .findFirst();
  }

  private static RendezvousMessage message(ApiAnswer answer) {
    return Replies.apiCall(answer.status(), answer.type(), answer.body());
  }
}
