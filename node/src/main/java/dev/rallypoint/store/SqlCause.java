package dev.rallypoint.store;

import java.sql.SQLException;
import java.util.Optional;

/** What an exception says about its cause. */
public final class SqlCause {
  private SqlCause() {}

  /** The innermost cause of this type. */
  static <T extends Throwable> Optional<T> innermost(Throwable failure, Class<T> kind) {
    Optional<T> found = Optional.empty();
    for (Throwable e = failure; e != null; e = e.getCause()) {
      found = kind.isInstance(e) ? Optional.of(kind.cast(e)) : found;
    }
    return found;
  }

  /** The first line of the innermost SQLException's message, or of the failure's own. */
  public static String reason(Throwable failure) {
    Throwable cause = innermost(failure, SQLException.class).<Throwable>map(e -> e).orElse(failure);
    String message = cause.getMessage();
    return message == null
        ? cause.getClass().getSimpleName()
        : message.lines().map(String::strip).filter(s -> !s.isEmpty()).findFirst().orElse("");
  }
}
