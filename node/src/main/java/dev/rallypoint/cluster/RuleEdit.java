package dev.rallypoint.cluster;

import dev.rallypoint.cluster.SharedRules.Outcome;
import dev.rallypoint.time.WallClock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A change of a rule that is made from its last value, and made anew when somebody else was faster.
 *
 * @param edit makes the value from the last one, if there is one
 */
record RuleEdit(
    SharedRules rules,
    RuleKeeper keeper,
    String name,
    Function<Optional<String>, String> edit,
    WallClock clock) {
  private static final int MOST = 20;

  /** Fails with what {@code edit} or the check of the value throws; nothing has changed then. */
  CompletionStage<Outcome> make() {
    return make(MOST);
  }

  private CompletionStage<Outcome> make(int left) {
    return keeper
        .rules()
        .thenCompose(kept -> {
          Optional<SharedRule> seen =
              kept.stream().filter(rule -> rule.name().equals(name)).findFirst();
          SharedRule rule = edited(seen);
          rules.check(rule);
          return keeper.replace(seen, rule).thenCompose(isKept -> kept(isKept, rule, left));
        });
  }

  private CompletionStage<Outcome> kept(boolean isKept, SharedRule rule, int left) {
    if (isKept) {
      return rules.tellAll(rule);
    }
    return left > 1
        ? make(left - 1)
        : CompletableFuture.failedStage(
            new IllegalStateException("others change it all the time; try again"));
  }

  private SharedRule edited(Optional<SharedRule> stored) {
    stored.ifPresent(rules::accept);
    Optional<SharedRule> last =
        Stream.concat(stored.stream(), rules.find(name).stream())
            .reduce((one, other) -> other.isNewerThan(one) ? other : one);
    long after = last.map(SharedRule::changed).orElse(0L) + 1;
    return new SharedRule(
        name,
        edit.apply(last.map(SharedRule::value)),
        Math.max(clock.instant().toEpochMilli(), after));
  }
}
