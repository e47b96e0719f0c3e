package dev.rallypoint.store;

import java.time.Duration;

/**
 * Timeouts that the server enforces. Without them a statement that waits for a lock goes on after
 * its client gave up, and the locks of a node that vanished last for hours.
 *
 * @param answer how long the client waits for one answer
 */
record PostgresServerLimits(Duration answer) {

  /** How long a save waits for the lock of a row; a commit takes less. */
  static final String LOCK_TIMEOUT = "set local lock_timeout = '1s'";

  /** The statement that sets the timeouts of a connection. */
  String forConnection() {
    return statement(false);
  }

  /**
   * The statement that sets the timeouts of the current transaction; it also works through a
   * connection pooler.
   */
  String forTransaction() {
    return statement(true);
  }

  /** The server gives up shortly before the client, so that the client gets the server's reason. */
  private String statement(boolean isLocal) {
    return "select set_config('statement_timeout', '%d', %b)".formatted(most(), isLocal)
        + ", set_config('idle_in_transaction_session_timeout', '%d', %b)"
            .formatted(answer.multipliedBy(2).toMillis(), isLocal);
  }

  private long most() {
    return answer.toMillis() * 4 / 5;
  }
}
