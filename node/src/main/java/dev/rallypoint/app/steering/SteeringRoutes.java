package dev.rallypoint.app.steering;

import dev.rallypoint.app.management.Json;
import dev.rallypoint.app.management.ManagementRefusal;
import dev.rallypoint.app.steering.Answers.Cut;
import dev.rallypoint.app.steering.Answers.Freed;
import dev.rallypoint.cluster.Failures;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.store.PeerQuery;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.javadsl.unmarshalling.StringUnmarshallers;

/**
 * Below {@code /v1/}: {@code GET nodes}, {@code status}, {@code sessions}, {@code peers}, {@code
 * explain/ID} and {@code limits}; {@code PUT limits/NAME}; {@code DELETE sessions/UUID} and {@code
 * peers/ID}.
 */
final class SteeringRoutes extends AllDirectives {
  private static final int SESSIONS = 50;
  private static final int MOST_SESSIONS = 500;
  private static final int PEERS = 100;
  private static final int MAX_DAYS = 36_500;

  private final ClusterView cluster;
  private final PeerView peers;
  private final ExplainView explain;
  private final LimitsView limits;

  SteeringRoutes(ClusterView cluster, PeerView peers, ExplainView explain, LimitsView limits) {
    this.cluster = cluster;
    this.peers = peers;
    this.explain = explain;
    this.limits = limits;
  }

  Route all() {
    return concat(
        get(() ->
            concat(
                path("nodes", () -> answer(cluster.nodes())),
                path("status", () -> answer(cluster.status())),
                path("sessions", this::sessions),
                path("peers", this::listed),
                path("limits", () -> Json.ok(limits.all())),
                path(
                    PathMatchers.segment("peers").slash(PathMatchers.segment()),
                    id -> stored(PeerQuery.of(id))),
                path(
                    PathMatchers.segment("explain").slash(PathMatchers.segment()),
                    this::explained))),
        put(() ->
            path(
                PathMatchers.segment("limits").slash(PathMatchers.segment()),
                name ->
                    entity(
                        Json.body(LimitsView.Change.class),
                        change -> answer(limits.change(name, change))))),
        delete(() ->
            concat(
                path(PathMatchers.segment("sessions").slash(PathMatchers.segment()), this::cut),
                path(PathMatchers.segment("peers").slash(PathMatchers.segment()), this::freed))));
  }

  private Route sessions() {
    return number(
        "most", SESSIONS, most -> answer(cluster.sessions(Math.clamp(most, 1, MOST_SESSIONS))));
  }

  private Route listed() {
    return parameterOptional(
        "after",
        after ->
            number(
                "most",
                PEERS,
                most ->
                    number(
                        "unused_days",
                        -1,
                        days -> flag("online", online -> page(after, most, days, online)))));
  }

  private Route page(Optional<String> after, int most, int days, boolean online) {
    String from = after.orElse("");
    int size = Math.clamp(most, 1, PeerView.MOST);
    Optional<Duration> unused =
        days < 0 ? Optional.empty() : Optional.of(Duration.ofDays(Math.min(days, MAX_DAYS)));
    return online ? answer(peers.online(from, size)) : stored(PeerQuery.page(from, size, unused));
  }

  private Route stored(PeerQuery query) {
    return answer(
        peers
            .stored(query)
            .exceptionally(failure -> {
              throw new CompletionException(
                  new ManagementRefusal(
                      StatusCodes.SERVICE_UNAVAILABLE,
                      "the database does not answer: " + Failures.cause(failure).getMessage()));
            }));
  }

  private Route explained(String id) {
    return parameterOptional(
        "from",
        from ->
            parameterOptional(
                "user",
                user ->
                    answer(
                        explain.explain(
                            id.strip(), from.orElse("").strip(), user.orElse("").strip()))));
  }

  private Route cut(String uuid) {
    return onSuccess(
        cluster.cut(uuid),
        (Cut cut) ->
            cut.nodes().isEmpty()
                ? Json.error(StatusCodes.NOT_FOUND, "no node has a relay session " + uuid)
                : Json.ok(cut));
  }

  private Route freed(String text) {
    Optional<PeerId> id = PeerId.parse(text);
    return id.isEmpty()
        ? Json.error(StatusCodes.BAD_REQUEST, "no device can have the id " + text)
        : flag(
            "even_online",
            evenOnline -> onSuccess(peers.free(id.get(), evenOnline), SteeringRoutes::outcome));
  }

  private static Route outcome(Freed freed) {
    return switch (freed.outcome()) {
      case "unknown" -> Json.error(StatusCodes.NOT_FOUND, "nobody has the id " + freed.id());
      case "online" ->
          Json.error(
              StatusCodes.CONFLICT,
              freed.id() + " is online; release frees the id of an online device too");
      case "unavailable" ->
          Json.error(
              StatusCodes.SERVICE_UNAVAILABLE,
              "nothing changed: the database, or the node where "
                  + freed.id()
                  + " may be, does not answer");
      default -> Json.ok(freed);
    };
  }

  private Route number(
      String name, int otherwise, java.util.function.Function<Integer, Route> inner) {
    return parameterOptional(
        StringUnmarshallers.INTEGER, name, value -> inner.apply(value.orElse(otherwise)));
  }

  private Route flag(String name, java.util.function.Function<Boolean, Route> inner) {
    return parameterOptional(
        StringUnmarshallers.BOOLEAN, name, value -> inner.apply(value.orElse(false)));
  }

  private Route answer(CompletionStage<?> stage) {
    return onSuccess(stage, Json::ok);
  }
}
