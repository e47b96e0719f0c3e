package dev.rallypoint.loadtest.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.rallypoint.loadtest.cluster.SupervisedNode.Exit;
import dev.rallypoint.loadtest.load.PunchOutcome;
import dev.rallypoint.loadtest.load.PunchResult;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Node 3 is separated at second 10, its process ends at 25, the links are restored at 60. */
class PartitionResultTest {
  private static final int SEPARATED = 3;
  private static final int CUT = 10;
  private static final int ENDED = 25;
  private static final int RESTORED = 60;

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final Map<Integer, List<Exit>> exits = new HashMap<>();
  private final Map<Integer, List<PunchResult>> answers = new HashMap<>();

  @BeforeEach
  void recordAPartitionThatMeetsItsGoals() {
    for (int node = 1; node <= SEPARATED; node++) {
      exits.put(node, new ArrayList<>());
      answers.put(node, new ArrayList<>());
      answered(node, 5, PunchOutcome.FOUND);
    }
    ended(SEPARATED, ENDED);
    answered(SEPARATED, 20, PunchOutcome.OFFLINE);
    answered(SEPARATED, 40, PunchOutcome.NO_NODE);
    answered(1, 40, PunchOutcome.FOUND);
    answered(2, 40, PunchOutcome.FOUND);
  }

  @Test
  void isMetWhenTheSeparatedNodeEnds() {
    assertThat(missed(true)).isEmpty();
  }

  @Test
  void isMissedByARestartedNodeThatAnswersBeforeTheLinksAreRestored() {
    answered(SEPARATED, 40, PunchOutcome.UNKNOWN);

    assertThat(missed(false)).singleElement().asString().contains("until links were restored");
  }

  @Test
  void isMissedByARestartedNodeThatRefusesBeforeTheLinksAreRestored() {
    answered(SEPARATED, 40, PunchOutcome.REFUSED);

    assertThat(missed(false)).singleElement().asString().contains("until links were restored");
  }

  @Test
  void isMissedByALoserThatAnswersTooLong() {
    exits.get(SEPARATED).clear();
    ended(SEPARATED, 50);
    answered(SEPARATED, 45, PunchOutcome.FOUND);
    answered(1, 55, PunchOutcome.FOUND);
    answered(2, 55, PunchOutcome.FOUND);

    assertThat(missed(true)).singleElement().asString().contains("last decision");
  }

  @Test
  void isMissedByALoserThatNeverAnswered() {
    answers.get(SEPARATED).clear();

    assertThat(missed(false)).singleElement().asString().contains("before the partition");
  }

  @Test
  void isMissedByAnExitOnTheOtherSide() {
    ended(2, 30);

    assertThat(missed(false)).singleElement().asString().contains("other side that ended");
  }

  @Test
  void isMissedWhenTheOtherSideLoses() {
    exits.get(SEPARATED).clear();
    ended(2, 20);

    assertThat(missed(false)).anyMatch(row -> row.contains("the separated node lost"));
  }

  @Test
  void isMissedByAnotherSideThatFindsNoPeer() {
    answers.get(2).clear();
    answered(2, 40, PunchOutcome.NO_ANSWER);

    assertThat(missed(false)).singleElement().asString().contains("least peers found");
  }

  @Test
  void takesEitherOfTwoNodesForTheLoser() {
    exits.remove(1);
    answers.remove(1);
    exits.get(SEPARATED).clear();
    ended(2, 20);
    answers.get(2).removeIf(one -> one.begun() > seconds(ENDED));
    answered(SEPARATED, 40, PunchOutcome.FOUND);

    assertThat(missed(false)).isEmpty();
  }

  private List<String> missed(boolean isTimed) {
    RunReport report =
        new RunReport(new PrintStream(printed, true, StandardCharsets.UTF_8), isTimed);
    new PartitionResult(SEPARATED, seconds(CUT), seconds(RESTORED), exits, answers)
        .report(report, "R3");
    return printed
        .toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.contains("MISSED"))
        .toList();
  }

  private void ended(int node, int second) {
    exits.get(node).add(new Exit(1, seconds(second)));
  }

  private void answered(int node, int second, PunchOutcome outcome) {
    answers
        .get(node)
        .add(
            new PunchResult(
                "600000000",
                0,
                node,
                seconds(second),
                Duration.ofMillis(20),
                outcome,
                "",
                ByteString.EMPTY));
  }

  private static long seconds(int number) {
    return Duration.ofSeconds(number).toNanos();
  }
}
