package dev.rallypoint.store.audit;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which rows are asked for, the latest first.
 *
 * @param text the id or name that is compared with; with {@code %} for any text. Empty for all
 * @param kind the kind of connections, or empty for all
 * @param since milliseconds since 1970, the earliest
 * @param offset how many rows are passed over
 * @param size how many rows there are at most
 */
public record AuditFilter(
    Optional<String> text, Optional<Integer> kind, long since, long offset, int size) {

  /** The text as a pattern of LIKE with the escape {@code !}; nothing but {@code %} is special. */
  String pattern() {
    return text.orElse("%").toLowerCase(Locale.ROOT).replace("!", "!!").replace("_", "!_");
  }

  /** A condition on columns, for {@link #pattern}, of which one must fit; true without a text. */
  String condition(List<String> columns) {
    return text.isEmpty()
        ? "true"
        : "(lower("
            + String.join(") like :pattern escape '!' or lower(", columns)
            + ") like :pattern escape '!')";
  }
}
