package dev.rallypoint.audit;

import dev.rallypoint.store.audit.AuditUpkeep;
import dev.rallypoint.store.audit.AuditUpkeep.Part;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes audits that are old, some thousand rows in a transaction. Any node may begin; the first
 * one does it, and no other one within the hour.
 */
public final class Retention {
  /** How long connections, files and alarms are kept. */
  public static final Duration OF_DEVICES = Duration.ofDays(90);

  /** How long it is kept what administrators did. */
  public static final Duration OF_CONSOLE = Duration.ofDays(365);

  /** How long a post is known that was taken; clients try for two minutes. */
  static final Duration NONCES = Duration.ofHours(1);

  /** The rows that are deleted in one transaction. */
  static final int CHUNK = 5_000;

  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
  private static final String JOB = "audit-retention";
  private static final Duration CLAIM = Duration.ofMinutes(55);

  private final AuditParts parts;

  /** The retention of these audits. */
  public Retention(AuditParts parts) {
    this.parts = parts;
  }

  /**
   * Deletes what is old, unless a node did so within the hour.
   *
   * @return how many rows were deleted of each part; empty where another node does it
   */
  public CompletionStage<Map<Part, Long>> run() {
    long now = parts.now();
    return parts
        .call(handle -> AuditUpkeep.claim(handle, JOB, now, now + CLAIM.toMillis()))
        .thenCompose(isMine -> {
          Map<Part, Long> deleted = new EnumMap<>(Part.class);
          CompletionStage<Map<Part, Long>> done = CompletableFuture.completedStage(deleted);
          for (Part part : isMine ? Part.values() : new Part[0]) {
            done = done.thenCompose(before -> delete(part, now, deleted, 0));
          }
          return done;
        })
        .thenApply(deleted -> {
          deleted.forEach((part, count) -> {
            if (count > 0) {
              LOG.info("deleted {} old audits of {}", count, part);
            }
          });
          return deleted;
        });
  }

  private CompletionStage<Map<Part, Long>> delete(
      Part part, long now, Map<Part, Long> deleted, long before) {
    Duration kept = part == Part.CONSOLE ? OF_CONSOLE : OF_DEVICES;
    return parts
        .call(handle -> AuditUpkeep.deleteOlder(handle, part, now - kept.toMillis(), CHUNK))
        .thenCompose(count -> {
          deleted.put(part, before + count);
          return count < CHUNK
              ? CompletableFuture.completedStage(deleted)
              : delete(part, now, deleted, before + count);
        });
  }
}
