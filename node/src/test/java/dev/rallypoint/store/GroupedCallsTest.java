package dev.rallypoint.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.store.GroupedCalls.Blame;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How calls are grouped, and which of them fail together. */
class GroupedCallsTest {
  private static Thread.@Nullable UncaughtExceptionHandler formerHandler;

  /** An error ends the writer's thread, which would print it. */
  @BeforeAll
  static void doNotPrintErrors() {
    formerHandler = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((_, _) -> {});
  }

  @AfterAll
  static void printErrorsAgain() {
    Thread.setDefaultUncaughtExceptionHandler(formerHandler);
  }

  private final List<List<Integer>> commits = new ArrayList<>();
  private final Semaphore permits = new Semaphore(0);
  private final CountDownLatch firstBegun = new CountDownLatch(1);

  private List<Integer> commit(List<Integer> rows) throws Exception {
    firstBegun.countDown();
    permits.acquire();
    commits.add(rows);
    if (rows.contains(-1)) {
      throw new IllegalArgumentException("a bad row");
    }
    if (rows.contains(-2)) {
      throw new AssertionError("a broken program");
    }
    return rows;
  }

  /** One row is being committed while these gather behind it; then all go. */
  private List<CompletableFuture<Integer>> gather(Blame blame, int... rows) throws Exception {
    return gatherBehind(0, blame, rows);
  }

  private List<CompletableFuture<Integer>> gatherBehind(int first, Blame blame, int... rows)
      throws Exception {
    try (GroupedCalls<Integer, Integer> group =
        new GroupedCalls<>("test-writer", 8, 4, this::commit, e -> blame)) {
      group.submit(first);
      assertThat(firstBegun.await(20, TimeUnit.SECONDS)).isTrue();
      List<CompletableFuture<Integer>> stages =
          IntStream.of(rows).mapToObj(row -> group.submit(row).toCompletableFuture()).toList();
      permits.release(1_000);
      return stages;
    }
  }

  private static List<Integer> failed(List<CompletableFuture<Integer>> stages) {
    return IntStream.range(0, stages.size())
        .filter(i -> stages.get(i).isCompletedExceptionally())
        .boxed()
        .toList();
  }

  @Test
  void doesTogetherWhatGathered() throws Exception {
    gather(Blame.ONE_CALL, 1, 2, 3);
    assertThat(commits).containsExactly(List.of(0), List.of(1, 2, 3));
  }

  @Test
  void givesEachCallItsOwnAnswer() throws Exception {
    assertThat(gather(Blame.ONE_CALL, 1, 2, 3, 4, 5))
        .extracting(CompletableFuture::join)
        .containsExactly(1, 2, 3, 4, 5);
  }

  @Test
  void keepsTheSizeOfAGroup() throws Exception {
    gather(Blame.ONE_CALL, 1, 2, 3, 4, 5, 6);
    assertThat(commits).containsExactly(List.of(0), List.of(1, 2, 3, 4), List.of(5, 6));
  }

  @Test
  void failsTheBadCallAlone() throws Exception {
    assertThat(failed(gather(Blame.ONE_CALL, 1, -1, 3))).containsExactly(1);
  }

  @Test
  void doesGoodCallsOneByOneAfterABadOne() throws Exception {
    gather(Blame.ONE_CALL, 1, -1, 3);
    assertThat(commits.subList(2, 5)).containsExactly(List.of(1), List.of(-1), List.of(3));
  }

  @Test
  void failsAllAtOnceWhenTheDatabaseIsToBlame() throws Exception {
    assertThat(failed(gather(Blame.THE_DATABASE, 1, -1, 3))).containsExactly(0, 1, 2);
  }

  @Test
  void triesNoCallAgainWhenTheDatabaseIsToBlame() throws Exception {
    gather(Blame.THE_DATABASE, 1, -1, 3);
    assertThat(commits).hasSize(2);
  }

  @Test
  void failsAllThatWaitWhenTheDatabaseIsToBlame() throws Exception {
    assertThat(failed(gather(Blame.THE_DATABASE, 1, -1, 3, 4, 5, 6, 7))).hasSize(7);
    assertThat(commits).hasSize(2);
  }

  @Test
  void failsNoneOfThoseThatWaitWithABadCallThatWasAlone() throws Exception {
    assertThat(failed(gatherBehind(-1, Blame.ONE_CALL, 1, 2, 3))).isEmpty();
  }

  @Test
  void failsOnlyTheCallThatWaitsForALock() throws Exception {
    assertThat(failed(gather(Blame.A_LOCK, 1, -1, 3, 4, 5))).containsExactly(1);
  }

  @Test
  void failsTheRestOfAGroupWhenThreeOfItWaitedForLocks() throws Exception {
    List<CompletableFuture<Integer>> stages = gather(Blame.A_LOCK, -1, -1, -1, 4, 5, 6);
    assertThat(failed(stages)).containsExactly(0, 1, 2, 3);
    assertThat(commits).doesNotContain(List.of(4)).endsWith(List.of(5, 6));
  }

  @Test
  void refusesCallsOverItsBound() throws Exception {
    assertThat(failed(gather(Blame.ONE_CALL, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10))).containsExactly(8, 9);
  }

  @Test
  void completesEveryStageEvenAfterAnError() throws Exception {
    List<CompletableFuture<Integer>> stages = gather(Blame.ONE_CALL, 1, -2, 3, 4, 5);
    assertThat(stages).allMatch(CompletableFuture::isDone);
  }

  @Test
  void goesOnAfterAnError() throws Exception {
    assertThat(failed(gather(Blame.ONE_CALL, 1, -2, 3, 4, 5))).containsExactly(0, 1, 2, 3);
  }
}
