package dev.rallypoint.store.account;

import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Statements on log-ins that failed, which all nodes count together. Milliseconds since 1970. */
public final class FailureTable {
  private FailureTable() {}

  /**
   * Counts one attempt, unless its key is locked.
   *
   * @param forgottenAt a count whose last attempt is older begins anew
   * @return how many there are now; empty when the key is locked
   */
  public static Optional<Integer> count(
      Handle handle, String org, String key, long now, long forgottenAt) {
    return handle
        .createQuery(
            """
            insert into api_login_failure (failure_key, org, failures, last_at, locked_until)
            values (:key, :org, 1, :now, 0)
            on conflict (failure_key) do update set last_at = :now, failures =
              case when api_login_failure.last_at < :forgotten then 1
                else api_login_failure.failures + 1 end
            where api_login_failure.locked_until <= :now
            returning failures
            """)
        .bind("key", key)
        .bind("org", org)
        .bind("now", now)
        .bind("forgotten", forgottenAt)
        .mapTo(Integer.class)
        .findOne();
  }

  /** Locks a key. */
  public static void lock(Handle handle, String key, long until) {
    handle
        .createUpdate("update api_login_failure set locked_until = :until where failure_key = :key")
        .bind("key", key)
        .bind("until", until)
        .execute();
  }

  /** Takes one attempt back, which did not fail; what is locked stays so. */
  public static void takeBack(Handle handle, String key) {
    handle
        .createUpdate(
            """
            update api_login_failure set failures = failures - 1
            where failure_key = :key and failures > 0
            """)
        .bind("key", key)
        .execute();
  }

  /** Forgets the attempts of a key. */
  public static void forget(Handle handle, String key) {
    handle
        .createUpdate("delete from api_login_failure where failure_key = :key")
        .bind("key", key)
        .execute();
  }

  /** Deletes what was last counted before a moment. */
  public static void purge(Handle handle, long before) {
    handle
        .createUpdate("delete from api_login_failure where last_at < :before")
        .bind("before", before)
        .execute();
  }
}
