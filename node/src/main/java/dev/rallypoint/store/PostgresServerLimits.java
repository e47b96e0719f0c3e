package dev.rallypoint.store;

import java.time.Duration;

/**
 * What the server itself ends. Without them a statement that waits for a lock outlives the client
 * that gave it up, and the locks of a node that vanished outlive the node by hours.
 *
 * @param answer how long the client waits for one answer
 */
record PostgresServerLimits(Duration answer) {

  /** A save waits so long for a row; a commit that is under way takes less. */
  static final String OF_A_LOCK = "set local lock_timeout = '1s'";

  /** The statement that sets them for a connection. */
  String forConnection() {
    return statement(false);
  }

  /** The same for the transaction that is under way, also through a pooler. */
  String forTransaction() {
    return statement(true);
  }

  /** The server gives up a little before the client, which so learns why. */
  private String statement(boolean isLocal) {
    return "select set_config('statement_timeout', '%d', %b)".formatted(most(), isLocal)
        + ", set_config('idle_in_transaction_session_timeout', '%d', %b)"
            .formatted(answer.multipliedBy(2).toMillis(), isLocal);
  }

  private long most() {
    return answer.toMillis() * 4 / 5;
  }
}
