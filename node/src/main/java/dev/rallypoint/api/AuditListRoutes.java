package dev.rallypoint.api;

import dev.rallypoint.account.Caller;
import dev.rallypoint.audit.ConnectionAudits;
import dev.rallypoint.audit.ConsoleLog;
import dev.rallypoint.audit.ConsoleLog.Change;
import dev.rallypoint.audit.ConsoleOperation;
import dev.rallypoint.audit.DeviceAudits;
import dev.rallypoint.audit.LiveConnections;
import dev.rallypoint.policy.account.Scopes.Area;
import dev.rallypoint.store.audit.AlarmTable.AlarmRow;
import dev.rallypoint.store.audit.AuditFilter;
import dev.rallypoint.store.audit.ConnectionRow;
import dev.rallypoint.store.audit.ConsoleTable.Actor;
import dev.rallypoint.store.audit.ConsoleTable.ConsoleRow;
import dev.rallypoint.store.audit.FileTable.FileRow;
import dev.rallypoint.store.audit.Found;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The audits as administrators and their programs read them, and the end of a connection. */
public final class AuditListRoutes {
  private static final int LONGEST_FILTER = 256;
  private static final int LONGEST_TIME = 32;
  private static final long SECOND = 1_000;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss[.SSS]");

  private final ConnectionAudits connections;
  private final DeviceAudits others;
  private final ConsoleLog console;
  private final LiveConnections live;

  private AuditListRoutes(
      ConnectionAudits connections, DeviceAudits others, ConsoleLog console, LiveConnections live) {
    this.connections = connections;
    this.others = others;
    this.console = console;
    this.live = live;
  }

  /** Adds them. */
  public static void addTo(
      ApiRouter router,
      SignedIn signedIn,
      ConnectionAudits connections,
      DeviceAudits others,
      ConsoleLog console,
      LiveConnections live) {
    AuditListRoutes routes = new AuditListRoutes(connections, others, console, live);
    router.addPaced(
        "GET", "/api/audits/conn", signedIn.management(Area.AUDIT, false, routes::connections));
    router.addPaced(
        "GET", "/api/audits/file", signedIn.management(Area.AUDIT, false, routes::files));
    router.addPaced(
        "GET", "/api/audits/alarm", signedIn.management(Area.AUDIT, false, routes::alarms));
    router.addPaced(
        "GET", "/api/audits/console", signedIn.management(Area.AUDIT, false, routes::console));
    router.addPaced(
        "POST",
        "/api/audits/conn/{guid}/disconnect",
        signedIn.management(Area.AUDIT, true, routes::disconnect));
  }

  private CompletionStage<ApiAnswer> connections(ApiRequest request, Caller caller) {
    Optional<Integer> kind =
        request
            .parameters()
            .text("conn_type")
            .filter(text -> !text.isEmpty())
            .map(AuditListRoutes::kind);
    return connections
        .list(caller.org(), filter(request, "remote", kind), false)
        .thenApply(found -> page(found, AuditListRoutes::connection));
  }

  private CompletionStage<ApiAnswer> files(ApiRequest request, Caller caller) {
    return others
        .files(caller.org(), filter(request, "remote", Optional.empty()))
        .thenApply(found -> page(found, AuditListRoutes::file));
  }

  private CompletionStage<ApiAnswer> alarms(ApiRequest request, Caller caller) {
    return others
        .alarms(caller.org(), filter(request, "device", Optional.empty()))
        .thenApply(found -> page(found, AuditListRoutes::alarm));
  }

  private CompletionStage<ApiAnswer> console(ApiRequest request, Caller caller) {
    return console
        .list(caller.org(), filter(request, "operator", Optional.empty()))
        .thenApply(found -> page(found, AuditListRoutes::change));
  }

  private CompletionStage<ApiAnswer> disconnect(ApiRequest request, Caller caller) {
    String name = caller.name();
    return console
        .after(
            live.disconnect(caller.org(), request.value("guid"), name)
                .thenApply(row ->
                    row.orElseThrow(() ->
                        new ApiRefusal(
                            ApiAnswer.NOT_FOUND, "there is no such connection that runs"))),
            new Actor(caller.guid(), name, request.client().ip()),
            row ->
                new Change(
                    ConsoleOperation.DISCONNECT,
                    row.where().deviceId(),
                    "connection of " + row.peer().id()))
        .thenApply(row -> ApiAnswer.done());
  }

  private static AuditFilter filter(ApiRequest request, String text, Optional<Integer> kind) {
    QueryParameters query = request.parameters();
    QueryParameters.Page page = query.page();
    return new AuditFilter(
        query.text(text).filter(value -> !value.isEmpty()).map(AuditListRoutes::pattern),
        kind,
        query
            .text("created_at")
            .filter(value -> !value.isEmpty())
            .map(AuditListRoutes::time)
            .orElse(0L),
        page.offset(),
        page.size());
  }

  /** A hyphen stands for no text. */
  private static String pattern(String text) {
    if (text.length() > LONGEST_FILTER) {
      throw new ApiRefusal(
          ApiAnswer.BAD_REQUEST, "a filter has more than " + LONGEST_FILTER + " characters");
    }
    return text.equals("-") ? "" : text;
  }

  static int kind(String text) {
    if (!text.matches("[0-9]{1,3}")) {
      throw new ApiRefusal(ApiAnswer.BAD_REQUEST, "conn_type is no number");
    }
    return Integer.parseInt(text);
  }

  /** Milliseconds since 1970 of a time in UTC. */
  private static long time(String text) {
    try {
      if (text.length() <= LONGEST_TIME) {
        return LocalDateTime.parse(text, TIME).toInstant(ZoneOffset.UTC).toEpochMilli();
      }
    } catch (DateTimeException e) {
      // told below
    }
    throw new ApiRefusal(
        ApiAnswer.BAD_REQUEST, "created_at is not as 2026-11-30 08:12:00.000, in UTC");
  }

  private static <T> ApiAnswer page(Found<T> found, Function<T, ?> form) {
    return ApiAnswer.json(new Paged<>(found.total(), found.rows().stream().map(form).toList()));
  }

  private static Map<String, Object> connection(ConnectionRow row) {
    Map<String, Object> shown = new TreeMap<>();
    shown.put("guid", row.guid());
    shown.put("device_id", row.where().deviceId());
    shown.put("conn_id", row.where().connId());
    // As text: it has 64 bits, and readers of JSON keep 53.
    shown.put("session_id", Long.toUnsignedString(row.where().sessionId()));
    shown.put("ip", row.ip());
    shown.put("peer_id", row.peer().id());
    shown.put("peer_name", row.peer().name());
    shown.put("note", row.note());
    shown.put("created_at", row.times().createdAt() / SECOND);
    row.peer().kind().ifPresent(kind -> shown.put("conn_type", kind));
    row.peer().primaryAuth().ifPresent(kind -> shown.put("primary_auth", kind));
    row.peer().twoFactor().ifPresent(kind -> shown.put("two_factor", kind));
    row.times().authorisedAt().ifPresent(at -> shown.put("authorised_at", at / SECOND));
    row.times()
        .endedAt()
        .ifPresent(at -> {
          shown.put("end_time", at / SECOND);
          shown.put("ended_by", row.endedBy());
        });
    row.user()
        .ifPresent(user -> {
          shown.put("user_name", user.name());
          shown.put("user_proven", user.isProven());
        });
    return shown;
  }

  private static Map<String, Object> file(FileRow row) {
    Map<String, Object> shown = new TreeMap<>();
    shown.put("guid", row.guid());
    shown.put("device_id", row.deviceId());
    shown.put("conn_id", row.connId());
    shown.put("ip", row.side().ip());
    shown.put("peer_id", row.side().id());
    shown.put("peer_name", row.side().name());
    shown.put("type", row.transfer().direction());
    shown.put("path", row.transfer().path());
    shown.put("is_file", row.transfer().isFile());
    shown.put("num", row.transfer().count());
    shown.put("files", ApiJson.value(row.transfer().files()));
    shown.put("created_at", row.createdAt() / SECOND);
    row.connection().ifPresent(guid -> shown.put("connection", guid));
    row.user()
        .ifPresent(user -> {
          shown.put("user_name", user.name());
          shown.put("user_proven", user.isProven());
        });
    return shown;
  }

  private static Map<String, Object> alarm(AlarmRow row) {
    Map<String, Object> shown = new TreeMap<>();
    shown.put("guid", row.guid());
    shown.put("device_id", row.deviceId());
    shown.put("typ", row.typ());
    shown.put("info", ApiJson.value(row.info()));
    shown.put("conn_id", row.connId());
    shown.put("created_at", row.createdAt() / SECOND);
    if (!row.user().isEmpty()) {
      shown.put("user_name", row.user());
    }
    return shown;
  }

  private static Map<String, Object> change(ConsoleRow row) {
    Map<String, Object> shown = new TreeMap<>();
    shown.put("guid", row.guid());
    shown.put("operator", row.actor().name());
    shown.put("ip", row.actor().ip());
    shown.put("typ", row.typ());
    shown.put("iop", row.iop());
    shown.put("target", row.target());
    shown.put("detail", row.detail());
    shown.put("created_at", row.createdAt() / SECOND);
    return shown;
  }
}
