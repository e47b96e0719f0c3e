package dev.rallypoint.access;

import dev.rallypoint.policy.access.AccessPolicy.Grant;
import dev.rallypoint.policy.access.AccessRules;
import dev.rallypoint.policy.access.Controller;
import dev.rallypoint.policy.access.Controller.Stranger;
import dev.rallypoint.policy.access.Target;
import dev.rallypoint.policy.account.AccountText;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.store.access.AccessFacts;
import dev.rallypoint.store.access.AccessFacts.TokenKey;
import dev.rallypoint.store.account.AccountDatabase;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.time.WallClock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node has in memory to decide about access: log-ins, devices, and all rules. The epoch of
 * the database tells what has to be read again. Safe for all threads.
 */
final class AccessKnowledge {
  private static final Logger LOG = LoggerFactory.getLogger(AccessKnowledge.class);

  /** As long as a token is good that is not used. */
  private static final Duration IDLE = Duration.ofDays(180);

  /** What an entry costs at most, in bytes. */
  private static final int ENTRY_BYTES = 1_024;

  private static final int HEAP_PART = 64;
  private static final long FEWEST = 10_000;

  private final AccountDatabase database;
  private final String org;
  private final WallClock wallClock;
  private final EpochClock clock;
  private final EpochCache<Login, Controller> logins;
  private final EpochCache<PeerId, Target> targets;
  private final EpochCache<String, AccessRules> rules;
  private final AtomicBoolean wasFresh = new AtomicBoolean(true);
  private volatile AccessRules last = AccessRules.NONE;

  private record Login(TokenKey key, String value) {}

  AccessKnowledge(AccountDatabase database, String org, Ticker ticker, WallClock wallClock) {
    long most = Math.max(FEWEST, Runtime.getRuntime().maxMemory() / HEAP_PART / ENTRY_BYTES);
    this.database = database;
    this.org = org;
    this.wallClock = wallClock;
    this.clock = new EpochClock(database, org, ticker);
    this.logins =
        new EpochCache<>(
            clock,
            most,
            (handle, login) ->
                AccessFacts.controller(handle, org, login.key, login.value, millis() - idle())
                    .<Controller>map(known -> known)
                    .orElse(Stranger.ENDED));
    this.targets =
        new EpochCache<>(clock, most, (handle, id) -> AccessFacts.target(handle, org, id.value()));
    this.rules = new EpochCache<>(clock, 1, AccessFacts::rules);
  }

  /** Milliseconds since 1970. */
  long millis() {
    return wallClock.micros() / 1_000;
  }

  private static long idle() {
    return IDLE.toMillis();
  }

  /**
   * Asks the database for the epoch, and reads the rules again where it has moved.
   *
   * @return whether it has moved
   */
  CompletionStage<Boolean> look() {
    return clock
        .look()
        .thenCompose(isMoved ->
            rules()
                .thenApply(read -> {
                  last = read;
                  return isMoved;
                }))
        .whenComplete((isMoved, failure) -> tell());
  }

  private void tell() {
    boolean isFresh = clock.isFresh();
    if (wasFresh.getAndSet(isFresh) != isFresh) {
      LOG.warn(
          isFresh
              ? "the database of accounts answers again: permissions are checked"
              : "the database of accounts does not answer: permissions cannot be checked");
    }
  }

  /** Whether the database was asked lately. */
  boolean isFresh() {
    return clock.isFresh();
  }

  /** Whether anything is decided for those who show nothing, by the rules that were read last. */
  boolean isOfUse() {
    return last.isOfUse();
  }

  CompletionStage<AccessRules> rules() {
    return rules.get(org);
  }

  boolean hasLogin(String tokenHash) {
    return logins.has(new Login(TokenKey.HASH, tokenHash));
  }

  CompletionStage<Controller> login(String tokenHash) {
    return logins.get(new Login(TokenKey.HASH, tokenHash));
  }

  CompletionStage<Controller> loginOfGuid(String token) {
    return logins.get(new Login(TokenKey.GUID, token));
  }

  CompletionStage<Optional<Controller>> user(String name) {
    return database.read(handle ->
        AccessFacts.user(handle, org, AccountText.key(name)).map(known -> (Controller) known));
  }

  CompletionStage<Target> target(PeerId id) {
    return targets.get(id);
  }

  CompletionStage<Optional<Grant>> grant(String verifier, PeerId id) {
    return database.read(handle -> AccessFacts.grant(handle, org, verifier, id.value()));
  }
}
