package dev.rallypoint.audit;

import dev.rallypoint.policy.audit.ConnectionStep;
import dev.rallypoint.policy.audit.ConnectionStep.Post;
import dev.rallypoint.policy.audit.ConnectionStep.Running;
import dev.rallypoint.policy.audit.ConnectionStep.Told;
import dev.rallypoint.store.account.UserTable;
import dev.rallypoint.store.audit.AuditFilter;
import dev.rallypoint.store.audit.AuditUpkeep;
import dev.rallypoint.store.audit.ConnectionRow;
import dev.rallypoint.store.audit.ConnectionRow.Controller;
import dev.rallypoint.store.audit.ConnectionRow.Peer;
import dev.rallypoint.store.audit.ConnectionRow.Times;
import dev.rallypoint.store.audit.ConnectionRow.Where;
import dev.rallypoint.store.audit.ConnectionTable;
import dev.rallypoint.store.audit.DisconnectTable;
import dev.rallypoint.store.audit.Found;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jdbi.v3.core.Handle;

/**
 * Connections to devices, as the devices tell of them. Who calls has proved that a post is of the
 * device. A post that comes twice, on whatever node, changes nothing the second time.
 */
public final class ConnectionAudits {
  private static final Duration NOTED_WITHIN = Duration.ofHours(1);

  private final AuditParts parts;
  private final ReferenceReader references;

  /** These audits, and what reads the references in them. */
  public ConnectionAudits(AuditParts parts, ReferenceReader references) {
    this.parts = parts;
    this.references = references;
  }

  /**
   * What a device tells of a connection.
   *
   * @param ip of an opened one, else empty
   * @param peer of an authorised one
   * @param reference of the ID server, or empty
   * @param nonce tells a post that comes twice, or empty for older clients
   */
  public record ConnectionPost(
      Told told, Where where, String ip, Peer peer, String reference, String nonce) {}

  /** Who reads or writes notes: a user, and whether he may do so on all connections. */
  public record Reader(String org, String user, boolean isAdmin) {
    boolean mayUse(ConnectionRow row) {
      return isAdmin || row.user().map(Controller::guid).filter(user::equals).isPresent();
    }
  }

  /** Takes a post; done once it is stored. */
  public CompletionStage<Boolean> take(ConnectionPost post) {
    return parts.call(handle -> {
      long now = parts.now();
      boolean hasNonce = !post.nonce().isEmpty();
      if (hasNonce
          && !AuditUpkeep.takeNonce(
              handle, parts.organization(), post.where().deviceId(), post.nonce(), now)) {
        return false;
      }
      Optional<ConnectionRow> running =
          ConnectionTable.running(
              handle, parts.organization(), post.where().deviceId(), post.where().connId());
      ConnectionStep step =
          ConnectionStep.of(
              new Post(post.told(), post.ip(), post.where().sessionId(), hasNonce),
              running.map(ConnectionAudits::known),
              now);
      return change(handle, step, post, running, now);
    });
  }

  private static Running known(ConnectionRow row) {
    return new Running(
        row.ip(),
        row.where().sessionId(),
        row.times().authorisedAt().isPresent(),
        row.times().createdAt());
  }

  private boolean change(
      Handle handle,
      ConnectionStep step,
      ConnectionPost post,
      Optional<ConnectionRow> running,
      long now) {
    switch (step) {
      case INSERT -> insert(handle, post, now);
      case RESTART -> {
        running.ifPresent(row -> end(handle, row, now, "restart"));
        insert(handle, post, now);
      }
      case AUTHORISE -> running.ifPresent(row -> authorise(handle, post, row, now));
      case END -> running.ifPresent(row -> end(handle, row, now, "device"));
      case NOTHING -> {
        return false;
      }
    }
    return true;
  }

  private void insert(Handle handle, ConnectionPost post, long now) {
    boolean isAuthorised = post.told() == Told.AUTHORISED;
    ConnectionRow row =
        new ConnectionRow(
            parts.guid(),
            post.where(),
            post.ip(),
            post.peer(),
            user(handle, post, Optional.empty()),
            "",
            isAuthorised
                ? new Times(now, Optional.of(now), now, Optional.empty())
                : Times.openedAt(now),
            "");
    ConnectionTable.insert(handle, parts.organization(), row);
  }

  private void authorise(Handle handle, ConnectionPost post, ConnectionRow row, long now) {
    ConnectionTable.authorise(
        handle,
        new ConnectionRow(
            row.guid(),
            post.where(),
            row.ip(),
            post.peer(),
            user(handle, post, row.user()),
            row.note(),
            row.times(),
            ""),
        now);
  }

  /** Who controls: proven by a reference, else the user of the device that the peer's id names. */
  private Optional<Controller> user(
      Handle handle, ConnectionPost post, Optional<Controller> known) {
    if (known.filter(Controller::isProven).isPresent()) {
      return known;
    }
    Optional<Controller> proven =
        Optional.of(post.reference())
            .filter(text -> !text.isEmpty())
            .flatMap(references::user)
            .flatMap(guid -> UserTable.find(handle, guid))
            .filter(user -> user.org().equals(parts.organization()))
            .map(user -> new Controller(user.guid(), user.name(), true));
    return proven.or(() ->
        post.peer().id().isEmpty()
            ? known
            : ConnectionTable.lastUserOn(handle, parts.organization(), post.peer().id()));
  }

  private static void end(Handle handle, ConnectionRow row, long now, String by) {
    boolean wasOrdered =
        DisconnectTable.delete(handle, row.where().deviceId(), row.where().connId());
    ConnectionTable.end(handle, row.guid(), now, wasOrdered ? "administrator" : by);
  }

  /** Ends a connection of which the device's heartbeat tells that it is over. */
  CompletionStage<Boolean> endedByHeartbeat(String deviceId, long connId) {
    return parts.call(handle -> {
      ConnectionTable.running(handle, parts.organization(), deviceId, connId)
          .ifPresent(row -> end(handle, row, parts.now(), "heartbeat"));
      return true;
    });
  }

  /**
   * The running connection of a session that the reader may write a note on.
   *
   * @return its guid, or empty
   */
  public CompletionStage<Optional<String>> active(
      Reader reader, String deviceId, long sessionId, Optional<Integer> kind) {
    return parts.call(handle ->
        ConnectionTable.ofSession(handle, reader.org(), deviceId, sessionId).stream()
            .filter(row -> row.times().endedAt().isEmpty())
            .filter(row -> row.times().authorisedAt().isPresent())
            .filter(row -> kind.isEmpty() || row.peer().kind().equals(kind))
            .filter(reader::mayUse)
            .map(ConnectionRow::guid)
            .findFirst());
  }

  /** Sets the note of a connection; false where the reader has none of this guid. */
  public CompletionStage<Boolean> setNote(Reader reader, String guid, String note) {
    return parts.call(handle -> {
      Optional<ConnectionRow> row =
          ConnectionTable.find(handle, reader.org(), guid).filter(reader::mayUse);
      row.ifPresent(found -> ConnectionTable.setNote(handle, found.guid(), note));
      return row.isPresent();
    });
  }

  /**
   * The note of an older client at the other side, which proves itself by the session's number
   * only: it is taken once, while the connection runs and for an hour.
   */
  public CompletionStage<Boolean> addNote(String deviceId, long sessionId, String note) {
    return parts.call(handle -> {
      long since = parts.now() - NOTED_WITHIN.toMillis();
      Optional<ConnectionRow> row =
          ConnectionTable.ofSession(handle, parts.organization(), deviceId, sessionId).stream()
              .filter(found -> found.note().isEmpty())
              .filter(found -> found.times().endedAt().orElse(Long.MAX_VALUE) > since)
              .findFirst();
      row.ifPresent(found -> ConnectionTable.setNote(handle, found.guid(), note));
      return row.isPresent();
    });
  }

  /** A page of connections. */
  public CompletionStage<Found<ConnectionRow>> list(
      String org, AuditFilter filter, boolean onlyRunning) {
    return parts.call(handle -> ConnectionTable.list(handle, org, filter, onlyRunning));
  }
}
