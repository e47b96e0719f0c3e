package dev.rallypoint.account;

import dev.rallypoint.store.access.AccessEpoch;
import dev.rallypoint.store.account.AccountDatabase;
import dev.rallypoint.time.WallClock;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/**
 * What the services of accounts share.
 *
 * @param hasher computes the hashes of passwords
 * @param seal for secrets in the database; empty on a node without the secret key pair, where
 *     second factors cannot be used
 */
public record AccountParts(
    AccountDatabase database,
    PasswordHasher hasher,
    Secrets secrets,
    Optional<Seal> seal,
    WallClock clock) {

  /** Milliseconds since 1970. */
  public long now() {
    return clock.micros() / 1_000;
  }

  /** Runs statements in one transaction. */
  public <T> CompletionStage<T> call(Function<Handle, T> statements) {
    return database.call(statements::apply);
  }

  /** The same for statements that change what decides about access. */
  <T> CompletionStage<T> change(Function<Handle, T> statements) {
    return database.call(handle -> {
      T done = statements.apply(handle);
      AccessEpoch.advance(handle, Organization.DEFAULT);
      return done;
    });
  }

  /** The seal; where there is none, an {@link AccountRefusal} is thrown. */
  public Seal requireSeal() {
    return seal.orElseThrow(() ->
        new AccountRefusal(
            AccountRefusal.Kind.CONFLICT,
            "this node has no secret key pair, which secrets in the database are sealed with"));
  }
}
