package dev.rallypoint.audit;

import dev.rallypoint.store.audit.AuditFilter;
import dev.rallypoint.store.audit.ConsoleTable;
import dev.rallypoint.store.audit.ConsoleTable.Actor;
import dev.rallypoint.store.audit.ConsoleTable.ConsoleRow;
import dev.rallypoint.store.audit.Found;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What administrators did: one row for each change that was made, written before it is answered.
 */
public final class ConsoleLog {
  private static final Logger LOG = LoggerFactory.getLogger(ConsoleLog.class);
  private static final int LONGEST = 512;

  /** Who has the management port of a node, such as {@code rallypoint admin}. */
  public static final Actor OPERATOR = new Actor("", "operator of the server", "");

  private final AuditParts parts;

  /** The log of these audits. */
  public ConsoleLog(AuditParts parts) {
    this.parts = parts;
  }

  /**
   * A change.
   *
   * @param target the name of what was changed
   * @param detail more in words, without secrets, or empty
   */
  public record Change(ConsoleOperation operation, String target, String detail) {}

  /**
   * Writes a row once a change is made; nothing where it fails. The stage has the value of the
   * change. Where the row cannot be stored the change stands, and the log has the row.
   */
  public <T> CompletionStage<T> after(CompletionStage<T> made, Actor actor, Change change) {
    return after(made, actor, value -> change);
  }

  /** As the other one, for a change that is known by the value of its stage only. */
  public <T> CompletionStage<T> after(
      CompletionStage<T> made, Actor actor, Function<T, Change> change) {
    return made.thenCompose(value -> {
      Change row = change.apply(value);
      return write(actor, row)
          .handle((stored, failure) -> {
            if (failure != null) {
              LOG.warn(
                  "{} by {} of {} is not in the console's audit: {}",
                  row.operation(),
                  cut(actor.name()),
                  cut(row.target()),
                  failure.getMessage());
            }
            return value;
          });
    });
  }

  private CompletionStage<Boolean> write(Actor actor, Change change) {
    return parts.call(handle -> {
      ConsoleTable.insert(
          handle,
          parts.organization(),
          new ConsoleRow(
              parts.guid(),
              actor,
              change.operation().typ(),
              change.operation().iop(),
              cut(change.target()),
              cut(change.detail()),
              parts.now()));
      return true;
    });
  }

  private static String cut(String text) {
    String plain = text.replaceAll("\\p{Cntrl}", " ");
    return plain.substring(0, Math.min(plain.length(), LONGEST));
  }

  /** A page of what was done. */
  public CompletionStage<Found<ConsoleRow>> list(String org, AuditFilter filter) {
    return parts.call(handle -> ConsoleTable.list(handle, org, filter));
  }
}
