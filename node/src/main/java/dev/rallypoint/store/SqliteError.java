package dev.rallypoint.store;

import dev.rallypoint.config.SettingException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Translates errors of SQLite into one line for the operator, and classifies them. */
public final class SqliteError {
  private static final String SETTING = "db-url";
  private static final String FULL = "the disk is full; make room";
  private static final Set<SQLiteErrorCode> ONE_CALLS_CODES =
      EnumSet.of(
          // One page is damaged; other rows may not need it.
          SQLiteErrorCode.SQLITE_CORRUPT,
          SQLiteErrorCode.SQLITE_CONSTRAINT,
          SQLiteErrorCode.SQLITE_MISMATCH,
          SQLiteErrorCode.SQLITE_RANGE,
          SQLiteErrorCode.SQLITE_TOOBIG);

  private SqliteError() {}

  /** The line for a file that a node cannot start with. */
  static SettingException of(Path file, Exception failure) {
    return of(SETTING, file, failure);
  }

  /** The line for a file that another setting or flag names. */
  public static SettingException of(String setting, Path file, Exception failure) {
    Optional<SQLException> cause = SqlCause.innermost(failure, SQLException.class);
    String detail = SqlCause.reason(failure);
    if (cause.isEmpty()) {
      return new SettingException(setting, file, "cannot be used (" + detail + ")");
    }
    if (isFull(failure)) {
      return new SettingException(setting, file, FULL);
    }
    return new SettingException(
        setting,
        file,
        switch (primaryCode(cause.get())) {
          case SQLITE_NOTADB -> "this is no SQLite database; name another file";
          case SQLITE_CORRUPT ->
              "the database is damaged (" + detail + "); restore it from a backup";
          case SQLITE_BUSY, SQLITE_LOCKED ->
              "another program has locked the database; stop that program";
          case SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH, SQLITE_IOERR ->
              "cannot write here (" + detail + "); let this user write the file and its folder";
          default -> "cannot be used (" + detail + "); name a file of hbbs or a new one";
        });
  }

  /** The line for a file that is only read, which a {@code -wal} file beside it may prevent. */
  static SettingException ofReading(String flag, Path file, SQLException failure) {
    return switch (primaryCode(failure)) {
      case SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH, SQLITE_IOERR ->
          new SettingException(
              flag,
              file,
              """
              cannot be read (%s); let this user read it, and where a -wal is beside it stop the \
              server that uses it first, or copy both into a folder that this user may write\
              """
                  .formatted(SqlCause.reason(failure)));
      default -> of(flag, file, failure);
    };
  }

  /** The line with this advice. */
  static SettingException of(Path file, String advice) {
    return new SettingException(SETTING, file, advice);
  }

  /** Why a file does not take what is written while a node runs, in one line with the mend. */
  static String writeFault(Path file, Exception failure) {
    return isFull(failure)
        ? "the disk is full: make room on the file system of " + file
        : "the database %s cannot be written (%s)".formatted(file, SqlCause.reason(failure));
  }

  /** Whether a failure has no room on the disk as its cause. */
  static boolean isFull(Throwable failure) {
    return SqlCause.innermost(failure, SQLException.class)
        .filter(cause ->
            primaryCode(cause) == SQLiteErrorCode.SQLITE_FULL
                || cause instanceof SQLiteException sqlite
                    && sqlite.getResultCode() == SQLiteErrorCode.SQLITE_IOERR_SHMSIZE)
        .isPresent();
  }

  /** Whether a failure shows that the file is damaged. */
  static boolean isDamage(Exception failure) {
    return SqlCause.innermost(failure, SQLException.class)
        .map(SqliteError::primaryCode)
        .filter(
            code -> code == SQLiteErrorCode.SQLITE_CORRUPT || code == SQLiteErrorCode.SQLITE_NOTADB)
        .isPresent();
  }

  /** Classifies the failure of a group of calls. A lock of SQLite is on the whole file. */
  static GroupedCalls.Blame blame(Exception failure) {
    return SqlCause.innermost(failure, SQLException.class)
            .filter(cause -> ONE_CALLS_CODES.contains(primaryCode(cause)))
            .isPresent()
        ? GroupedCalls.Blame.ONE_CALL
        : GroupedCalls.Blame.THE_DATABASE;
  }

  private static SQLiteErrorCode primaryCode(SQLException e) {
    return SQLiteErrorCode.getErrorCode(e.getErrorCode() & 0xFF);
  }
}
