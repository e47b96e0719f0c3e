package dev.rallypoint.app.management;

import dev.rallypoint.policy.limit.PendingConnections;
import java.net.InetAddress;
import java.time.Duration;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.IncomingConnection;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.KillSwitch;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Flow;

/**
 * Bounds the connections of the management port, so that no stranger keeps others from it: a
 * connection serves one request, because each answer closes it, and the request has to be there in
 * some seconds; when all places are taken, the oldest connection gives way to the new one, because
 * a request takes milliseconds.
 */
final class ManagementConnections {
  /** The most at once. */
  static final int MOST = 64;

  /** How long a request may take to come. */
  static final Duration REQUEST_WITHIN = Duration.ofSeconds(10);

  private final Flow<HttpRequest, HttpResponse, NotUsed> answers;
  private final Materializer materializer;
  private final PendingConnections<KillSwitch> open = new PendingConnections<>(MOST, MOST);

  ManagementConnections(ActorSystem<?> system, Flow<HttpRequest, HttpResponse, NotUsed> answers) {
    this.answers = answers;
    this.materializer = Materializer.createMaterializer(system);
  }

  void serve(IncomingConnection connection) {
    InetAddress address = connection.remoteAddress().getAddress();
    SharedKillSwitch kill = KillSwitches.shared("management-connection");
    open.add(address, kill)
        .ifPresent(oldest -> oldest.abort(new IllegalStateException("it gave way to a newer one")));
    Flow<HttpRequest, HttpResponse, NotUsed> one =
        Flow.of(HttpRequest.class)
            .initialTimeout(REQUEST_WITHIN)
            .via(kill.flow())
            .via(answers)
            .via(kill.flow())
            .watchTermination((materialized, gone) -> {
              var unused = gone.whenComplete((done, failure) -> open.remove(address, kill));
              return materialized;
            });
    connection.handleWith(one, materializer);
  }
}
