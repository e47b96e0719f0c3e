package dev.rallypoint.app.api;

import dev.rallypoint.app.management.Json;
import dev.rallypoint.app.management.ManagementRefusal;
import dev.rallypoint.audit.ConnectionAudits;
import dev.rallypoint.audit.ConsoleLog;
import dev.rallypoint.audit.ConsoleLog.Change;
import dev.rallypoint.audit.ConsoleOperation;
import dev.rallypoint.audit.LiveConnections;
import dev.rallypoint.cluster.Failures;
import dev.rallypoint.store.audit.AuditFilter;
import dev.rallypoint.store.audit.ConnectionRow;
import dev.rallypoint.store.audit.ConnectionRow.Controller;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/** The routes below {@code /v1/admin/connections}: those which run, and their end. */
final class ConnectionRoutes extends AllDirectives {
  private static final int MOST = 1_000;

  private final String org;
  private final ConnectionAudits connections;
  private final LiveConnections live;
  private final ConsoleLog console;

  ConnectionRoutes(
      String org, ConnectionAudits connections, LiveConnections live, ConsoleLog console) {
    this.org = org;
    this.connections = connections;
    this.live = live;
    this.console = console;
  }

  /** The connections that run. */
  record Connections(List<Line> connections, long total) {}

  /**
   * One of them.
   *
   * @param kind as clients number it; absent before the other side has proved itself
   */
  record Line(
      String guid,
      String deviceId,
      long connId,
      String peerId,
      String ip,
      Optional<String> user,
      Optional<Integer> kind,
      Instant since) {}

  /** What was done. */
  record Done(String done) {}

  Route all() {
    return pathPrefix(
        "connections",
        () ->
            concat(
                pathEnd(() -> get(this::listed)),
                path(
                    PathMatchers.segment().slash("disconnect"),
                    guid ->
                        post(() ->
                            answer(
                                disconnect(guid),
                                row ->
                                    new Done(
                                        "told %s to end the connection of %s"
                                            .formatted(row.where().deviceId(), shown(row))))))));
  }

  private Route listed() {
    return parameterOptional(
        "device",
        device ->
            answer(
                connections.list(org, new AuditFilter(device, Optional.empty(), 0, 0, MOST), true),
                found ->
                    new Connections(
                        found.rows().stream().map(ConnectionRoutes::line).toList(),
                        found.total())));
  }

  private <T> Route answer(CompletionStage<T> stage, Function<T, ?> form) {
    return onSuccess(
        stage.exceptionally(failure -> {
          throw new CompletionException(AdminRoutes.refusal(Failures.cause(failure)));
        }),
        value -> Json.ok(form.apply(value)));
  }

  private static Line line(ConnectionRow row) {
    return new Line(
        row.guid(),
        row.where().deviceId(),
        row.where().connId(),
        row.peer().id(),
        row.ip(),
        row.user().map(Controller::name),
        row.peer().kind(),
        Instant.ofEpochMilli(row.times().createdAt()));
  }

  private CompletionStage<ConnectionRow> disconnect(String guid) {
    return console.after(
        live.disconnect(org, guid, ConsoleLog.OPERATOR.name())
            .thenApply(row ->
                row.orElseThrow(() ->
                    new ManagementRefusal(
                        StatusCodes.NOT_FOUND, "there is no such connection that runs"))),
        ConsoleLog.OPERATOR,
        row -> new Change(ConsoleOperation.DISCONNECT, row.where().deviceId(), shown(row)));
  }

  private static String shown(ConnectionRow row) {
    return row.peer().id().isEmpty() ? row.ip() : row.peer().id();
  }
}
