package dev.rallypoint.cluster;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Where rules are kept over restarts. */
public interface RuleKeeper {
  /** Nowhere. */
  RuleKeeper NONE =
      new RuleKeeper() {
        @Override
        public CompletionStage<List<SharedRule>> rules() {
          return CompletableFuture.completedStage(List.of());
        }

        @Override
        public CompletionStage<Void> save(SharedRule rule) {
          return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Boolean> replace(Optional<SharedRule> seen, SharedRule rule) {
          return CompletableFuture.completedFuture(true);
        }
      };

  /** All that are kept. */
  CompletionStage<List<SharedRule>> rules();

  /** Keeps one, unless a later one of its name is kept. */
  CompletionStage<Void> save(SharedRule rule);

  /**
   * Keeps one in place of what the caller has seen: of the same name, or empty for none. When
   * another one is kept by now nothing changes, and the stage completes with false.
   */
  CompletionStage<Boolean> replace(Optional<SharedRule> seen, SharedRule rule);
}
