package dev.rallypoint.store.account;

import org.jdbi.v3.core.Handle;

/**
 * Statements on the number that tells nodes that something has changed of who may do what. Its row
 * is locked by who advances it, so it follows the order of commits.
 */
public final class AccessEpochTable {
  private AccessEpochTable() {}

  /** Tells all nodes, once the transaction is committed. */
  public static void advance(Handle handle, String org) {
    handle
        .createUpdate("update api_access_epoch set epoch = epoch + 1 where org = :org")
        .bind("org", org)
        .execute();
  }

  /** The number as it is now. */
  public static long read(Handle handle, String org) {
    return handle
        .createQuery("select epoch from api_access_epoch where org = :org")
        .bind("org", org)
        .mapTo(Long.class)
        .findOne()
        .orElse(0L);
  }
}
