package dev.rallypoint.api;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.rallypoint.account.AccountRefusal;
import dev.rallypoint.account.Secrets;
import dev.rallypoint.cluster.Failures;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Which tokens were found in the database some minutes ago at most. This decides only by whose pace
 * a request is counted, and whether its large body is read; what a request may do is looked up anew
 * for each. Safe for all threads.
 */
public final class TokenProofs {
  private static final int MOST = 20_000;
  private static final Duration GOOD_FOR = Duration.ofMinutes(2);

  private final Function<String, ? extends CompletionStage<?>> lookUp;
  private final Cache<String, Boolean> proved =
      Caffeine.newBuilder()
          .maximumSize(MOST)
          .expireAfterWrite(GOOD_FOR)
          .executor(Runnable::run)
          .build();

  /**
   * Proofs of which none is known.
   *
   * @param lookUp completes for a token that is good, and fails with an {@link AccountRefusal} for
   *     others
   */
  public TokenProofs(Function<String, ? extends CompletionStage<?>> lookUp) {
    this.lookUp = lookUp;
  }

  /** What stands for a token in memory. */
  static String key(String token) {
    return Secrets.hash(token);
  }

  /** Whether a token was good some minutes ago. */
  boolean isKnown(String key) {
    return proved.getIfPresent(key) != null;
  }

  /** Looks a token up, unless it is known; fails where the database does not answer. */
  CompletionStage<Boolean> prove(String token) {
    String key = key(token);
    if (isKnown(key)) {
      return CompletableFuture.completedStage(true);
    }
    return lookUp
        .apply(token)
        .handle((found, failure) -> {
          if (failure == null) {
            proved.put(key, true);
            return true;
          }
          Throwable cause = Failures.cause(failure);
          if (cause instanceof AccountRefusal) {
            return false;
          }
          throw new CompletionException(cause);
        });
  }
}
