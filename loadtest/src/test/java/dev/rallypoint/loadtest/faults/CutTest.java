package dev.rallypoint.loadtest.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.rallypoint.loadtest.cluster.Member.End;
import dev.rallypoint.loadtest.crowd.Asked;
import dev.rallypoint.loadtest.crowd.Outcome;
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

/** Node 3 is cut off at second 10, its process ends at 25, the links are healed at 60. */
class CutTest {
  private static final int OFF = 3;
  private static final int CUT = 10;
  private static final int ENDED = 25;
  private static final int HEALED = 60;

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final Map<Integer, List<End>> ends = new HashMap<>();
  private final Map<Integer, List<Asked>> answers = new HashMap<>();

  @BeforeEach
  void allGoesWell() {
    for (int node = 1; node <= OFF; node++) {
      ends.put(node, new ArrayList<>());
      answers.put(node, new ArrayList<>());
      answered(node, 5, Outcome.FOUND);
    }
    ended(OFF, ENDED);
    answered(OFF, 20, Outcome.OFFLINE);
    answered(OFF, 40, Outcome.NO_NODE);
    answered(1, 40, Outcome.FOUND);
    answered(2, 40, Outcome.FOUND);
  }

  @Test
  void isAsItShouldBe() {
    assertThat(missed(true)).isEmpty();
  }

  @Test
  void isMissedByANodeThatComesBackAloneAndAnswers() {
    answered(OFF, 40, Outcome.UNKNOWN);

    assertThat(missed(false)).singleElement().asString().contains("from then to the heal");
  }

  @Test
  void isMissedByANodeThatComesBackAloneAndRefuses() {
    answered(OFF, 40, Outcome.REFUSED);

    assertThat(missed(false)).singleElement().asString().contains("from then to the heal");
  }

  @Test
  void isMissedByALoserThatSpeaksTooLong() {
    ends.get(OFF).clear();
    ended(OFF, 50);
    answered(OFF, 45, Outcome.FOUND);
    answered(1, 55, Outcome.FOUND);
    answered(2, 55, Outcome.FOUND);

    assertThat(missed(true)).singleElement().asString().contains("last answered");
  }

  @Test
  void isMissedByALoserThatNeverAnsweredAnything() {
    answers.get(OFF).clear();

    assertThat(missed(false)).singleElement().asString().contains("before the cut");
  }

  @Test
  void isMissedByAnEndOnTheOtherSide() {
    ended(2, 30);

    assertThat(missed(false)).singleElement().asString().contains("other side that ended");
  }

  @Test
  void isMissedWhenTheOthersGiveWay() {
    ends.get(OFF).clear();
    ended(2, 20);

    assertThat(missed(false)).anyMatch(row -> row.contains("is the node cut off"));
  }

  @Test
  void isMissedByAnotherSideThatFindsNobody() {
    answers.get(2).clear();
    answered(2, 40, Outcome.SILENT);

    assertThat(missed(false)).singleElement().asString().contains("peers found by each node");
  }

  @Test
  void takesEitherOfTwoNodesForTheLoser() {
    ends.remove(1);
    answers.remove(1);
    ends.get(OFF).clear();
    ended(2, 20);
    answers.get(2).removeIf(one -> one.begun() > seconds(ENDED));
    answered(OFF, 40, Outcome.FOUND);

    assertThat(missed(false)).isEmpty();
  }

  private List<String> missed(boolean isTimed) {
    Scorecard card = new Scorecard(new PrintStream(printed, true, StandardCharsets.UTF_8), isTimed);
    new Cut(OFF, seconds(CUT), seconds(HEALED), ends, answers).show(card, "R3");
    return printed
        .toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.contains("MISSED"))
        .toList();
  }

  private void ended(int node, int second) {
    ends.get(node).add(new End(1, seconds(second)));
  }

  private void answered(int node, int second, Outcome outcome) {
    answers
        .get(node)
        .add(
            new Asked(
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
