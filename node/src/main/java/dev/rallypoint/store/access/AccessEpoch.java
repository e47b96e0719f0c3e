package dev.rallypoint.store.access;

import org.jdbi.v3.core.Handle;

/**
 * A number that grows with each change of what decides about access: users, groups, rules, roles,
 * tokens, the assignment and state of devices. A node that knows it knows whether what it has in
 * memory is still so.
 */
public final class AccessEpoch {
  private AccessEpoch() {}

  /**
   * Adds 1, as the last statement of the transaction that changes something: the row's lock makes
   * the numbers follow the order in which transactions end.
   */
  public static void advance(Handle handle, String org) {
    handle
        .createUpdate("update api_access_epoch set epoch = epoch + 1 where org = :org")
        .bind("org", org)
        .execute();
  }

  /** The number now; 0 for an unknown organization. What is read after it is as new or newer. */
  public static long read(Handle handle, String org) {
    return handle
        .createQuery("select epoch from api_access_epoch where org = :org")
        .bind("org", org)
        .mapTo(Long.class)
        .findOne()
        .orElse(0L);
  }
}
