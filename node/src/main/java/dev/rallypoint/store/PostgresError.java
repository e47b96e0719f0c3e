package dev.rallypoint.store;

import dev.rallypoint.config.PostgresSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.config.StoreSettings;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;

/** PostgreSQL's reasons in an operator's words, and what each of them allows to be done. */
final class PostgresError {
  private static final Set<String> STARTING = Set.of("57P03", "57P01", "57P02", "53300");

  /** Not serializable, deadlock, and an id that was free a moment ago. */
  private static final Set<String> IN_THE_WAY = Set.of("40001", "40P01", "23505");

  /** A primary that became a standby, and limits at which the server ends a connection. */
  private static final Set<String> OF_NO_USE = Set.of("25006", "25P03", "25P04");

  /** A lock was waited for in vain. */
  private static final String LOCKED = "55P03";

  private PostgresError() {}

  /** The one line for a database that a node cannot start with. */
  static SettingException of(PostgresSettings settings, Exception failure) {
    return of(settings, mend(settings, failure));
  }

  /** The same with the mend in the caller's words. */
  static SettingException of(PostgresSettings settings, String mend) {
    return new SettingException(StoreSettings.DB_URL, settings, mend);
  }

  /** Why, in a few words for the log. */
  static String reason(Throwable failure) {
    return cause(failure, UnknownHostException.class)
        .map(unknown -> "nobody knows the host " + unknown.getMessage())
        .orElseGet(() ->
            firstLine(
                cause(failure, SQLException.class).<Throwable>map(sql -> sql).orElse(failure)));
  }

  /** Whether a server that is just starting says so, or is not there at all. */
  static boolean mayPass(Throwable failure) {
    String state = state(failure);
    return STARTING.contains(state)
        || isOfConnection(state) && cause(failure, SSLException.class).isEmpty();
  }

  /** Whether another transaction was in the way of one that may now succeed. */
  static boolean isOfTheMoment(Throwable failure) {
    return IN_THE_WAY.contains(state(failure));
  }

  /**
   * Whether the server, or the way to it, ended the connection, or the server is the wrong one now.
   */
  static boolean isLostConnection(Throwable failure) {
    String state = state(failure);
    return state.startsWith("08") || state.startsWith("57P") || OF_NO_USE.contains(state);
  }

  /** What a failed group of calls failed by. */
  static GroupedCalls.Blame blame(Throwable failure) {
    String state = state(failure);
    // 22: a value that no column takes; 23: a constraint; 54: too long for an index.
    return state.startsWith("22") || state.startsWith("23") || state.startsWith("54")
        ? GroupedCalls.Blame.ONE_CALL
        : state.equals(LOCKED) ? GroupedCalls.Blame.A_LOCK : GroupedCalls.Blame.THE_DATABASE;
  }

  /** Whether a failed group of rows may succeed without one of them. */
  static boolean blamesOneCall(Throwable failure) {
    return blame(failure) == GroupedCalls.Blame.ONE_CALL;
  }

  private static boolean isOfConnection(String state) {
    // 08004 is a server's refusal.
    return state.startsWith("08") && !state.equals("08004");
  }

  private static String mend(PostgresSettings settings, Exception failure) {
    String state = state(failure);
    String detail = reason(failure);
    return switch (state) {
      case "28P01", "28000" -> "the server does not let this user in (" + detail + ")";
      case "3D000" ->
          "there is no such database; create database %s owner %s"
              .formatted(settings.database(), settings.user());
      case "42501" ->
          "%s may not do what is needed (%s); let it own the database, or grant create on schema public to %s"
              .formatted(settings.user(), detail, settings.user());
      case "42P07" ->
          "another program's tables are there (" + detail + "); give Rallypoint its own database";
      case "53300" -> "the server has no connection left (" + detail + "); raise max_connections";
      case "57P03" -> "the server is not ready (" + detail + "); try again when it is";
      default ->
          mayPass(failure)
              ? "no server answers (" + detail + "); start it, or check host and port"
              : "cannot be used (" + detail + ")";
    };
  }

  private static String state(Throwable failure) {
    return cause(failure, SQLException.class).map(SQLException::getSQLState).orElse("");
  }

  /** The innermost cause of a kind. */
  private static <T extends Throwable> Optional<T> cause(Throwable failure, Class<T> kind) {
    Optional<T> found = Optional.empty();
    for (Throwable e = failure; e != null; e = e.getCause()) {
      found = kind.isInstance(e) ? Optional.of(kind.cast(e)) : found;
    }
    return found;
  }

  private static String firstLine(Throwable failure) {
    String message = failure.getMessage();
    return message == null
        ? failure.getClass().getSimpleName()
        : message.lines().map(String::strip).filter(s -> !s.isEmpty()).findFirst().orElse("");
  }
}
