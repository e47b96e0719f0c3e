package dev.rallypoint.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rallypoint.account.Principal;
import dev.rallypoint.audit.ConnectionAudits;
import dev.rallypoint.audit.ConnectionAudits.ConnectionPost;
import dev.rallypoint.audit.ConnectionAudits.Reader;
import dev.rallypoint.audit.DeviceAudits;
import dev.rallypoint.audit.DeviceAudits.AlarmPost;
import dev.rallypoint.audit.DeviceAudits.FilePost;
import dev.rallypoint.device.DeviceProof;
import dev.rallypoint.policy.audit.ConnectionStep.Told;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.store.audit.ConnectionRow.Peer;
import dev.rallypoint.store.audit.ConnectionRow.Where;
import dev.rallypoint.store.audit.FileTable.Side;
import dev.rallypoint.store.audit.FileTable.Transfer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * What devices tell of connections, files and alarms, and what the users at the other side write on
 * them. A post that was taken has an empty answer; clients send others again, but for those with a
 * 4xx other than 408 and 429.
 */
public final class AuditRoutes {
  private static final int LONGEST_NAME = 256;
  private static final int LONGEST_NONCE = 64;
  private static final int LONGEST_REFERENCE = 1_024;
  private static final int LONGEST_PATH = 4_096;
  private static final int LONGEST_INFO = 16 * 1_024;
  private static final int LONGEST_NOTE = 4_096;
  private static final int LONGEST_ACTION = 16;
  private static final int MOST_FILES = 10;
  private static final int GUID = 36;

  private final DeviceProof proof;
  private final ConnectionAudits connections;
  private final DeviceAudits others;

  private AuditRoutes(DeviceProof proof, ConnectionAudits connections, DeviceAudits others) {
    this.proof = proof;
    this.connections = connections;
    this.others = others;
  }

  /** Adds them. */
  public static void addTo(
      ApiRouter router,
      SignedIn signedIn,
      DeviceProof proof,
      ConnectionAudits connections,
      DeviceAudits others) {
    AuditRoutes routes = new AuditRoutes(proof, connections, others);
    router.add("POST", "/api/audit/conn", routes::connection);
    router.add("POST", "/api/audit/file", routes::file);
    router.add("POST", "/api/audit/alarm", routes::alarm);
    router.addPaced("GET", "/api/audit/conn/active", signedIn.user(routes::active));
    router.addPaced("PUT", "/api/audit", signedIn.user(routes::note));
  }

  private CompletionStage<ApiAnswer> connection(ApiRequest request) {
    JsonNode body = request.json();
    if (body.hasNonNull("note") && !body.hasNonNull("uuid")) {
      return olderNote(request, body);
    }
    ConnectionPost post = post(body);
    return proven(request, body, () -> connections.take(post));
  }

  private static ConnectionPost post(JsonNode body) {
    Told told =
        switch (ApiJson.text(body, "action", LONGEST_ACTION)) {
          case "new" -> Told.OPENED;
          case "close" -> Told.CLOSED;
          case "" -> Told.AUTHORISED;
          default -> throw new ApiRefusal(ApiAnswer.BAD_REQUEST, "there is no such action");
        };
    Peer peer = told == Told.AUTHORISED ? peer(body) : Peer.UNKNOWN;
    return new ConnectionPost(
        told,
        new Where(id(body), connection(body), AuditJson.session(body)),
        AuditJson.id(body.path("ip")),
        peer,
        ApiJson.text(body, "conn_audit_ref", LONGEST_REFERENCE),
        ApiJson.text(body, "nonce", LONGEST_NONCE));
  }

  private static Peer peer(JsonNode body) {
    JsonNode peer = body.path("peer");
    if (!peer.isArray()) {
      throw new ApiRefusal(ApiAnswer.BAD_REQUEST, "peer is no list");
    }
    return new Peer(
        AuditJson.id(peer.path(0)),
        AuditJson.shown(peer.path(1), LONGEST_NAME),
        AuditJson.kind(body, "type").or(() -> Optional.of(0)),
        AuditJson.kind(body, "primary_auth"),
        AuditJson.kind(body, "two_factor"));
  }

  private static String id(JsonNode body) {
    return ApiJson.text(body, "id", PeerId.MAX_LENGTH);
  }

  private static long connection(JsonNode body) {
    return AuditJson.number(body, "conn_id")
        .orElseThrow(() -> new ApiRefusal(ApiAnswer.BAD_REQUEST, "conn_id is missing"));
  }

  /** Clients before 1.4.4 prove themselves by the number of the session. */
  private CompletionStage<ApiAnswer> olderNote(ApiRequest request, JsonNode body) {
    long session = AuditJson.session(body);
    String id = id(body);
    String note = ApiJson.text(body, "note", LONGEST_NOTE);
    if (session == 0) {
      throw new ApiRefusal(ApiAnswer.BAD_REQUEST, "session_id is missing");
    }
    if (!proof.take(id, request.client())) {
      throw tooOften();
    }
    return connections
        .addNote(id, session, note)
        .thenApply(isSet -> isSet ? ApiAnswer.done() : unknownConnection());
  }

  private CompletionStage<ApiAnswer> file(ApiRequest request) {
    JsonNode body = request.json();
    JsonNode info = AuditJson.inside(body, "info", LONGEST_INFO);
    int direction = AuditJson.kind(body, "type").orElse(0);
    if (direction > 1) {
      throw new ApiRefusal(ApiAnswer.BAD_REQUEST, "type is neither 0 nor 1");
    }
    FilePost post =
        new FilePost(
            id(body),
            AuditJson.number(body, "conn_id").orElse(0L),
            new Side(
                AuditJson.id(info.path("ip")),
                AuditJson.id(body.path("peer_id")),
                AuditJson.shown(info.path("name"), LONGEST_NAME)),
            new Transfer(
                direction,
                AuditJson.shown(body.path("path"), LONGEST_PATH),
                AuditJson.flag(body, "is_file").orElse(false),
                AuditJson.number(info, "num").orElse(0L),
                files(info.path("files"))),
            ApiJson.text(body, "nonce", LONGEST_NONCE));
    return proven(request, body, () -> others.takeFile(post));
  }

  /** The largest files as the device told, in the same form: names and sizes in bytes. */
  private static String files(JsonNode files) {
    List<List<Object>> largest = new ArrayList<>();
    for (JsonNode file : files) {
      if (largest.size() < MOST_FILES) {
        largest.add(List.of(AuditJson.shown(file.path(0), LONGEST_NAME), file.path(1).asLong()));
      }
    }
    return new String(ApiJson.bytes(largest), UTF_8);
  }

  private CompletionStage<ApiAnswer> alarm(ApiRequest request) {
    JsonNode body = request.json();
    JsonNode info = AuditJson.inside(body, "info", LONGEST_INFO);
    AlarmPost post =
        new AlarmPost(
            id(body),
            AuditJson.kind(body, "typ")
                .orElseThrow(() -> new ApiRefusal(ApiAnswer.BAD_REQUEST, "typ is missing")),
            new String(ApiJson.bytes(info), UTF_8),
            AuditJson.number(body, "conn_id").orElse(0L),
            ApiJson.text(body, "conn_audit_ref", LONGEST_REFERENCE),
            ApiJson.text(body, "nonce", LONGEST_NONCE));
    return proven(request, body, () -> others.takeAlarm(post));
  }

  /** Takes a post where it is of the device that it names. */
  private CompletionStage<ApiAnswer> proven(
      ApiRequest request, JsonNode body, Supplier<CompletionStage<Boolean>> taken) {
    return proof
        .of(id(body), ApiJson.text(body, "uuid", DeviceRoutes.LONGEST_UUID), request.client())
        .thenCompose(verdict ->
            switch (verdict) {
              case PROVEN -> taken.get().thenApply(isNew -> ApiAnswer.done());
              case UNKNOWN ->
                  CompletableFuture.completedStage(
                      ApiAnswer.error(ApiAnswer.NOT_FOUND, "nobody has registered the id"));
              case FOREIGN ->
                  CompletableFuture.completedStage(
                      ApiAnswer.error(ApiAnswer.FORBIDDEN, "another device has registered the id"));
              case TOO_FREQUENT -> throw tooOften();
            });
  }

  private CompletionStage<ApiAnswer> active(ApiRequest request, Principal user) {
    QueryParameters query = request.parameters();
    Optional<Integer> kind =
        query.text("conn_type").filter(text -> !text.isEmpty()).map(AuditListRoutes::kind);
    return connections
        .active(
            reader(user),
            query.text("id").orElse(""),
            AuditJson.session(query.text("session_id").orElse("")),
            kind)
        .thenApply(guid -> ApiAnswer.json(guid.orElse("")));
  }

  private CompletionStage<ApiAnswer> note(ApiRequest request, Principal user) {
    JsonNode body = request.json();
    return connections
        .setNote(
            reader(user),
            ApiJson.text(body, "guid", GUID),
            ApiJson.text(body, "note", LONGEST_NOTE))
        .thenApply(isSet -> isSet ? ApiAnswer.done() : unknownConnection());
  }

  private static Reader reader(Principal user) {
    return new Reader(user.org(), user.guid(), user.isAdmin());
  }

  private static ApiAnswer unknownConnection() {
    return ApiAnswer.error(ApiAnswer.NOT_FOUND, "there is no such connection of yours");
  }

  private static ApiRefusal tooOften() {
    return new ApiRefusal(ApiAnswer.TOO_MANY, "it comes too often");
  }
}
