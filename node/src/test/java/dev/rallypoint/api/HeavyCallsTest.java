package dev.rallypoint.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class HeavyCallsTest {
  private static final ApiAnswer DONE = ApiAnswer.done();

  private final HeavyCalls calls = new HeavyCalls(100);
  private final CompletableFuture<ApiAnswer> running = new CompletableFuture<>();

  private CompletionStage<ApiAnswer> run(String key, long bytes) {
    return calls.run(key, bytes, () -> running);
  }

  private void assertBusy(String key, long bytes) {
    assertThatExceptionOfType(ApiRefusal.class)
        .isThrownBy(() -> run(key, bytes))
        .satisfies(refusal -> assertThat(refusal.answer().status()).isEqualTo(429));
  }

  @Test
  void runsCallsOfSeveralTokensWhileThereIsRoom() {
    run("a", 50);
    run("b", 50);
    assertBusy("c", 1);
  }

  @Test
  void runsOneCallOfATokenAtATime() {
    run("a", 1);
    assertBusy("a", 1);
  }

  @Test
  void hasRoomAgainWhenACallHasEnded() {
    run("a", 100);
    running.complete(DONE);
    assertThat(run("a", 100).toCompletableFuture()).isCompletedWithValue(DONE);
    assertThat(run("b", 100).toCompletableFuture()).isCompletedWithValue(DONE);
  }

  @Test
  void hasRoomAgainWhenACallHasFailed() {
    run("a", 100);
    running.completeExceptionally(new IllegalStateException("no"));
    run("b", 100);
    assertThatThrownBy(() ->
            calls.run(
                "c",
                100,
                () -> {
                  throw new IllegalArgumentException("thrown");
                }))
        .hasMessage("thrown");
    run("c", 100);
  }

  @Test
  void runsACallThatNeedsMoreThanAllByItself() {
    run("a", 1_000);
    assertBusy("b", 1);
  }
}
