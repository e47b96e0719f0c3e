package dev.rallypoint.store.account;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Statements on second factors: a user's secret and backup codes, and log-ins that wait for a code.
 */
public final class SecondFactorTable {
  private SecondFactorTable() {}

  /**
   * A log-in whose password was right.
   *
   * @param user the guid of the user
   * @param tries the codes that were tried
   */
  public record PendingLogin(String user, int tries) {}

  /** Gives a user a secret and backup codes in place of what he had. */
  public static void set(
      Handle handle, User user, String sealedSecret, List<String> codeHashes, long now) {
    clear(handle, user.guid(), now);
    handle
        .createUpdate("update api_user set totp_secret = :secret where guid = :guid")
        .bind("guid", user.guid())
        .bind("secret", sealedSecret)
        .execute();
    for (String hash : codeHashes) {
      handle
          .createUpdate(
              "insert into api_backup_code (org, user_guid, code_hash) values (:org, :guid, :hash)")
          .bind("org", user.org())
          .bind("guid", user.guid())
          .bind("hash", hash)
          .execute();
    }
  }

  /** Takes a user's second factor away. */
  public static void clear(Handle handle, String user, long now) {
    handle
        .createUpdate(
            """
            update api_user set totp_secret = null, totp_step = 0, updated_at = :now
            where guid = :guid
            """)
        .bind("guid", user)
        .bind("now", now)
        .execute();
    handle
        .createUpdate("delete from api_backup_code where user_guid = :guid")
        .bind("guid", user)
        .execute();
  }

  /** Uses a time step of a user once; false when it, or a later one, was used. */
  public static boolean useStep(Handle handle, String user, long step) {
    return handle
            .createUpdate(
                "update api_user set totp_step = :step where guid = :guid and totp_step < :step")
            .bind("guid", user)
            .bind("step", step)
            .execute()
        == 1;
  }

  /** Uses a backup code once; false when the user has no such code. */
  public static boolean useBackupCode(Handle handle, String user, String codeHash) {
    return handle
            .createUpdate(
                "delete from api_backup_code where user_guid = :guid and code_hash = :hash")
            .bind("guid", user)
            .bind("hash", codeHash)
            .execute()
        == 1;
  }

  /** Stores a log-in that waits for its code. Of one user the latest is kept. */
  public static void expect(Handle handle, User user, String secretHash, long expiresAt) {
    handle
        .createUpdate("delete from api_pending_login where user_guid = :guid")
        .bind("guid", user.guid())
        .execute();
    handle
        .createUpdate(
            """
            insert into api_pending_login (secret_hash, org, user_guid, tries, expires_at)
            values (:hash, :org, :guid, 0, :expires)
            """)
        .bind("hash", secretHash)
        .bind("org", user.org())
        .bind("guid", user.guid())
        .bind("expires", expiresAt)
        .execute();
  }

  /** Counts one try of a log-in that waits; empty when there is none that has not expired. */
  public static Optional<PendingLogin> tryOnce(Handle handle, String secretHash, long now) {
    return handle
        .createQuery(
            """
            update api_pending_login set tries = tries + 1
            where secret_hash = :hash and expires_at > :now returning user_guid, tries
            """)
        .bind("hash", secretHash)
        .bind("now", now)
        .map((rows, context) -> new PendingLogin(rows.getString(1), rows.getInt(2)))
        .findOne();
  }

  /** Forgets a log-in that waited. */
  public static void forget(Handle handle, String secretHash) {
    handle
        .createUpdate("delete from api_pending_login where secret_hash = :hash")
        .bind("hash", secretHash)
        .execute();
  }
}
