package dev.rallypoint.app.steering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.app.steering.Answers.Bytes;
import dev.rallypoint.app.steering.Answers.SessionLine;
import dev.rallypoint.app.steering.SteeringCommand.Session;
import dev.rallypoint.app.steering.SteeringCommand.SessionList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MergedSessionsTest {
  private static final String A = "192.0.2.1:1000";
  private static final String B = "192.0.2.2:2000";

  private static Session part(String uuid, String a, String b, long bytes) {
    return new Session(uuid, a, b, "default_conn", 5, bytes, bytes / 5, false);
  }

  @Test
  void aSessionOverTwoNodesIsOneWithBothAddresses() {
    List<SessionLine> merged =
        ClusterView.merged(
            List.of(
                new SessionList("two:1", 1, List.of(part("u", "", B, 90))),
                new SessionList("one:1", 1, List.of(part("u", A, "", 100)))));
    assertThat(merged)
        .containsExactly(
            new SessionLine(
                "u",
                A,
                B,
                List.of("one:1", "two:1"),
                "default_conn",
                5,
                new Bytes(100, 20),
                false));
  }

  @Test
  void sessionsOfOneNodeStayAsTheyAre() {
    List<SessionLine> merged =
        ClusterView.merged(
            List.of(
                new SessionList("one:1", 2, List.of(part("u", A, B, 10), part("v", A, B, 20)))));
    assertThat(merged).extracting(SessionLine::uuid).containsExactly("u", "v");
  }
}
