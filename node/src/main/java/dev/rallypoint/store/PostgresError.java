package dev.rallypoint.store;

import dev.rallypoint.config.PostgresSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.config.StoreSettings;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Set;
import javax.net.ssl.SSLException;

/** Translates errors of PostgreSQL into one line for the operator, and classifies them. */
final class PostgresError {
  private static final Set<String> STARTING = Set.of("57P03", "57P01", "57P02", "53300");

  /** Not serializable, deadlock, and a unique violation by a concurrent insert. */
  private static final Set<String> RETRYABLE = Set.of("40001", "40P01", "23505");

  /** A primary that became a standby, and timeouts at which the server closes a connection. */
  private static final Set<String> UNUSABLE = Set.of("25006", "25P03", "25P04");

  /** A lock was not granted in time. */
  private static final String LOCKED = "55P03";

  private PostgresError() {}

  /** The line for a database that cannot be used. */
  static SettingException of(PostgresSettings settings, Exception failure) {
    return of(settings, advice(settings, failure));
  }

  /** The line with this advice. */
  static SettingException of(PostgresSettings settings, String advice) {
    return new SettingException(StoreSettings.DB_URL, settings, advice);
  }

  /** The reason in a few words, for the log. */
  static String reason(Throwable failure) {
    return SqlCause.innermost(failure, UnknownHostException.class)
        .map(unknown -> "unknown host " + unknown.getMessage())
        .orElseGet(() -> SqlCause.reason(failure));
  }

  /** Whether the server is starting, or cannot be reached. */
  static boolean isTransient(Throwable failure) {
    String state = state(failure);
    // 08004: the server refused the connection.
    boolean isOfConnection = state.startsWith("08") && !state.equals("08004");
    return STARTING.contains(state)
        || isOfConnection && SqlCause.innermost(failure, SSLException.class).isEmpty();
  }

  /** Whether another transaction was in the way, and a repetition may succeed. */
  static boolean isRetryable(Throwable failure) {
    return RETRYABLE.contains(state(failure));
  }

  /** Whether the connection was lost, or the server is not the primary any more. */
  static boolean isLostConnection(Throwable failure) {
    String state = state(failure);
    return state.startsWith("08") || state.startsWith("57P") || UNUSABLE.contains(state);
  }

  /** Classifies the failure of a group of calls. */
  static GroupedCalls.Blame blame(Throwable failure) {
    String state = state(failure);
    // 22: a value that no column takes; 23: a constraint; 54: too long for an index.
    return state.startsWith("22") || state.startsWith("23") || state.startsWith("54")
        ? GroupedCalls.Blame.ONE_CALL
        : state.equals(LOCKED) ? GroupedCalls.Blame.A_LOCK : GroupedCalls.Blame.THE_DATABASE;
  }

  private static String advice(PostgresSettings settings, Exception failure) {
    String detail = reason(failure);
    return switch (state(failure)) {
      case "28P01", "28000" -> "the server does not let this user in (" + detail + ")";
      case "3D000" ->
          "there is no such database; create database %s owner %s"
              .formatted(settings.database(), settings.user());
      case "42501" ->
          "%1$s may not do what is needed (%2$s); let it own the database, or grant create on schema public to %1$s"
              .formatted(settings.user(), detail);
      case "42P07" ->
          "another program's tables are there (" + detail + "); give Rallypoint its own database";
      case "53100" -> "the disk of the server is full (" + detail + "); make room there";
      case "53300" -> "the server has no connection left (" + detail + "); raise max_connections";
      case "57P03" -> "the server is not ready (" + detail + "); try again when it is";
      default ->
          isTransient(failure)
              ? "no server answers (" + detail + "); start it, or check host and port"
              : "cannot be used (" + detail + ")";
    };
  }

  private static String state(Throwable failure) {
    return SqlCause.innermost(failure, SQLException.class)
        .map(SQLException::getSQLState)
        .orElse("");
  }
}
