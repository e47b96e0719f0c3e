package dev.rallypoint.transport;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** What answers the HTTP requests of a WebSocket port that ask for no WebSocket. */
public interface HttpRequests {
  /** Serves no path. */
  HttpRequests NONE =
      new HttpRequests() {
        @Override
        public boolean serves(String path) {
          return false;
        }

        @Override
        public CompletionStage<HttpResponse> answer(HttpRequest request, ClientConnection client) {
          throw new IllegalStateException("there is nothing at " + request.getUri().path());
        }
      };

  /** Whether it answers requests for a path. */
  boolean serves(String path);

  /** Answers a request, whose entity it reads; the stage must not fail. */
  CompletionStage<HttpResponse> answer(HttpRequest request, ClientConnection client);
}
