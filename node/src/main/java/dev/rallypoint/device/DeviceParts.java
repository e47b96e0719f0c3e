package dev.rallypoint.device;

import dev.rallypoint.store.account.AccountDatabase;
import dev.rallypoint.time.WallClock;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jdbi.v3.core.Handle;

/**
 * What the services of devices share.
 *
 * @param organization the guid of the one that all devices of this node belong to
 * @param guids makes a guid from the milliseconds since 1970
 */
public record DeviceParts(
    AccountDatabase database, String organization, LongFunction<String> guids, WallClock clock) {

  /** Milliseconds since 1970. */
  long now() {
    return clock.micros() / 1_000;
  }

  <T> CompletionStage<T> call(Function<Handle, T> statements) {
    return database.call(statements::apply);
  }
}
