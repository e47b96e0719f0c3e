package dev.rallypoint.audit;

import dev.rallypoint.store.account.UserTable;
import dev.rallypoint.store.audit.AlarmTable;
import dev.rallypoint.store.audit.AlarmTable.AlarmRow;
import dev.rallypoint.store.audit.AuditFilter;
import dev.rallypoint.store.audit.AuditUpkeep;
import dev.rallypoint.store.audit.ConnectionRow;
import dev.rallypoint.store.audit.ConnectionTable;
import dev.rallypoint.store.audit.FileTable;
import dev.rallypoint.store.audit.FileTable.FileRow;
import dev.rallypoint.store.audit.FileTable.Side;
import dev.rallypoint.store.audit.FileTable.Transfer;
import dev.rallypoint.store.audit.Found;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The files and alarms that devices tell of. Who calls has proved that a post is of the device. A
 * post with a nonce that was taken changes nothing.
 */
public final class DeviceAudits {
  private final AuditParts parts;
  private final ReferenceReader references;

  /** These audits, and what reads the references in them. */
  public DeviceAudits(AuditParts parts, ReferenceReader references) {
    this.parts = parts;
    this.references = references;
  }

  /** A transfer that a device tells of; the nonce may be empty. */
  public record FilePost(
      String deviceId, long connId, Side side, Transfer transfer, String nonce) {}

  /**
   * An alarm that a device tells of.
   *
   * @param info a JSON object
   * @param reference of the ID server, or empty
   * @param nonce may be empty
   */
  public record AlarmPost(
      String deviceId, int typ, String info, long connId, String reference, String nonce) {}

  /** Takes a transfer; false when it was taken before. */
  public CompletionStage<Boolean> takeFile(FilePost post) {
    return parts.call(handle -> {
      long now = parts.now();
      if (!post.nonce().isEmpty()
          && !AuditUpkeep.takeNonce(
              handle, parts.organization(), post.deviceId(), post.nonce(), now)) {
        return false;
      }
      Optional<ConnectionRow> connection =
          ConnectionTable.running(handle, parts.organization(), post.deviceId(), post.connId());
      FileTable.insert(
          handle,
          parts.organization(),
          new FileRow(
              parts.guid(),
              post.deviceId(),
              post.connId(),
              connection.map(ConnectionRow::guid),
              post.side(),
              connection.flatMap(ConnectionRow::user),
              post.transfer(),
              now));
      return true;
    });
  }

  /** Takes an alarm; false when it was taken before. */
  public CompletionStage<Boolean> takeAlarm(AlarmPost post) {
    return parts.call(handle -> {
      long now = parts.now();
      if (!post.nonce().isEmpty()
          && !AuditUpkeep.takeNonce(
              handle, parts.organization(), post.deviceId(), post.nonce(), now)) {
        return false;
      }
      String user =
          Optional.of(post.reference())
              .filter(text -> !text.isEmpty())
              .flatMap(references::user)
              .flatMap(guid -> UserTable.find(handle, guid))
              .filter(found -> found.org().equals(parts.organization()))
              .map(found -> found.name())
              .orElse("");
      AlarmTable.insert(
          handle,
          parts.organization(),
          new AlarmRow(
              parts.guid(), post.deviceId(), post.typ(), post.info(), post.connId(), user, now));
      return true;
    });
  }

  /** A page of transfers. */
  public CompletionStage<Found<FileRow>> files(String org, AuditFilter filter) {
    return parts.call(handle -> FileTable.list(handle, org, filter));
  }

  /** A page of alarms. */
  public CompletionStage<Found<AlarmRow>> alarms(String org, AuditFilter filter) {
    return parts.call(handle -> AlarmTable.list(handle, org, filter));
  }
}
