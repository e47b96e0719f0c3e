package dev.rallypoint.store.audit;

import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/**
 * Statements on the numbers by which nodes see that something has changed that they have in memory.
 * A change is noted in the transaction that makes it.
 */
public final class ChangeTable {
  /** Orders to end connections. */
  public static final String DISCONNECT = "disconnect";

  /** Strategies, what they are assigned to, and what devices belong to. */
  public static final String STRATEGY = "strategy";

  private ChangeTable() {}

  /** Notes that something has changed. */
  public static void note(Handle handle, String name) {
    handle
        .createUpdate("update api_change set epoch = epoch + 1 where name = :name")
        .bind("name", name)
        .execute();
  }

  /** All numbers. */
  public static Map<String, Long> epochs(Handle handle) {
    Map<String, Long> epochs = new HashMap<>();
    handle
        .createQuery("select name, epoch from api_change")
        .map((rows, context) -> Map.entry(rows.getString(1), rows.getLong(2)))
        .forEach(entry -> epochs.put(entry.getKey(), entry.getValue()));
    return epochs;
  }
}
