package dev.rallypoint.loadtest.crowd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NodesTest {
  private final Nodes nodes = new Nodes(List.of("203.0.113.11", "203.0.113.12", "203.0.113.13"));

  @Test
  void servesEachInTurn() {
    assertThat(IntStream.range(0, 6).map(i -> nodes.next()))
        .containsExactlyInAnyOrder(1, 1, 2, 2, 3, 3);
  }

  @Test
  void leavesOutOneThatRefused() {
    nodes.refused(2);

    assertThat(IntStream.range(0, 6).map(i -> nodes.next())).doesNotContain(2);
    assertThat(nodes.after(1)).isEqualTo(3);
  }

  @Test
  void leavesOutOneThatFailedItsHealthCheck() {
    nodes.checked(3, false);

    assertThat(IntStream.range(0, 6).map(i -> nodes.next())).doesNotContain(3);
    nodes.checked(3, true);
    assertThat(nodes.after(2)).isEqualTo(3);
  }

  @Test
  void goesOnToTheNextEvenWhenAllRefused() {
    nodes.refused(1);
    nodes.refused(2);
    nodes.refused(3);

    assertThat(nodes.after(3)).isEqualTo(1);
  }
}
