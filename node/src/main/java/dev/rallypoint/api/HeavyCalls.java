package dev.rallypoint.api;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Bounds the memory of calls with large bodies or large answers: their bytes in all, and one call
 * of one token at a time. Calls beyond it are answered with 429. Safe for all threads.
 */
public final class HeavyCalls {
  private static final long LEAST = 8L * 1024 * 1024;
  private static final int HEAP_PART = 32;

  private final long most;
  private final Map<String, Long> running = new HashMap<>();
  private long used;

  /**
   * No call yet.
   *
   * @param most bytes in all
   */
  HeavyCalls(long most) {
    this.most = most;
  }

  /** A thirty-second of the heap, and 8 MiB at least. */
  static HeavyCalls ofThisHeap() {
    return new HeavyCalls(Math.max(LEAST, Runtime.getRuntime().maxMemory() / HEAP_PART));
  }

  /**
   * Runs a call where there is room for it.
   *
   * @param key what stands for the token
   * @param bytes what it needs
   */
  public CompletionStage<ApiAnswer> run(
      String key, long bytes, Supplier<CompletionStage<ApiAnswer>> call) {
    take(key, bytes);
    CompletionStage<ApiAnswer> answer;
    try {
      answer = call.get();
    } catch (RuntimeException e) {
      release(key);
      throw e;
    }
    return answer.whenComplete((done, failure) -> release(key));
  }

  private synchronized void take(String key, long bytes) {
    if (used + bytes > most && used > 0 || running.containsKey(key)) {
      throw new ApiRefusal(ApiAnswer.TOO_MANY, "The server is busy, try again");
    }
    running.put(key, bytes);
    used += bytes;
  }

  private synchronized void release(String key) {
    Long bytes = running.remove(key);
    used -= bytes == null ? 0 : bytes;
  }
}
