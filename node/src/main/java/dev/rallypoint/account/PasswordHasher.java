package dev.rallypoint.account;

import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Computes the hashes of passwords, on two threads of its own. 64 wait at most, of one network 8;
 * what is above that is refused at once.
 */
public final class PasswordHasher implements AutoCloseable {
  static final int WAITING = 64;
  static final int OF_ONE_NETWORK = 8;

  private static final int THREADS = 2;

  /** Compared where there is no user, so that an answer takes as long as for one. */
  private static final String NOBODY =
      "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA"
          + "$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

  private final Secrets secrets;
  private final ConcurrentHashMap<String, Integer> ofNetwork = new ConcurrentHashMap<>();
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          30,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(WAITING),
          Thread.ofPlatform().name("passwords-", 1).daemon().factory());

  /** A hasher without work. */
  public PasswordHasher(Secrets secrets) {
    this.secrets = secrets;
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * The answer about a password.
   *
   * @param isRight whether it is the user's
   * @param better a hash with the parameters of today, where the stored one has others
   */
  record Verdict(boolean isRight, Optional<String> better) {}

  /** Hashes a new password, into PHC's form. */
  CompletionStage<String> hash(String network, String password) {
    return compute(
        network, () -> PasswordHash.of(password, secrets.bytes(PasswordHash.SALT_BYTES)).text());
  }

  /**
   * Compares a password.
   *
   * @param stored the user's hash; empty where there is no user, which takes as long
   */
  CompletionStage<Verdict> verify(String network, String password, Optional<String> stored) {
    return compute(
        network,
        () -> {
          Optional<PasswordHash> known = stored.flatMap(PasswordHash::parse);
          PasswordHash compared = known.or(() -> PasswordHash.parse(NOBODY)).orElseThrow();
          boolean isRight = compared.isOf(password) && known.isPresent();
          return new Verdict(
              isRight,
              isRight && compared.isOutdated()
                  ? Optional.of(
                      PasswordHash.of(password, secrets.bytes(PasswordHash.SALT_BYTES)).text())
                  : Optional.empty());
        });
  }

  private <T> CompletionStage<T> compute(String network, Supplier<T> work) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    if (ofNetwork.merge(network, 1, Integer::sum) > OF_ONE_NETWORK) {
      release(network);
      answer.completeExceptionally(busy());
      return answer;
    }
    try {
      threads.execute(() -> {
        try {
          answer.complete(work.get());
        } catch (Throwable e) {
          answer.completeExceptionally(e);
        } finally {
          release(network);
        }
      });
    } catch (RejectedExecutionException e) {
      release(network);
      answer.completeExceptionally(busy());
    }
    return answer;
  }

  private void release(String network) {
    ofNetwork.computeIfPresent(network, (key, count) -> count == 1 ? null : count - 1);
  }

  private static AccountRefusal busy() {
    return new AccountRefusal(
        AccountRefusal.Kind.TOO_MANY, "Too many log-ins at this moment, try again");
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
