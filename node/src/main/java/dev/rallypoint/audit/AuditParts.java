package dev.rallypoint.audit;

import dev.rallypoint.store.account.AccountDatabase;
import dev.rallypoint.time.WallClock;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jdbi.v3.core.Handle;

/**
 * What the services of audits share.
 *
 * @param organization the guid of the one that devices belong to
 * @param guids makes the guid of a row from the milliseconds since 1970
 */
public record AuditParts(
    AccountDatabase database, String organization, LongFunction<String> guids, WallClock clock) {

  /** Milliseconds since 1970. */
  long now() {
    return clock.micros() / 1_000;
  }

  String guid() {
    return guids.apply(now());
  }

  <T> CompletionStage<T> call(Function<Handle, T> statements) {
    return database.call(statements::apply);
  }
}
