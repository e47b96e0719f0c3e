package dev.rallypoint.loadtest.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NodeBalancerTest {
  private final NodeBalancer nodes =
      new NodeBalancer(List.of("203.0.113.11", "203.0.113.12", "203.0.113.13"));

  @Test
  void servesEachInTurn() {
    assertThat(IntStream.range(0, 6).map(i -> nodes.next()))
        .containsExactlyInAnyOrder(1, 1, 2, 2, 3, 3);
  }

  @Test
  void leavesOutOneThatRefused() {
    nodes.onRefused(2);

    assertThat(IntStream.range(0, 6).map(i -> nodes.next())).doesNotContain(2);
    assertThat(nodes.after(1)).isEqualTo(3);
  }

  @Test
  void leavesOutOneThatFailedItsHealthCheck() {
    nodes.onHealthChecked(3, false);

    assertThat(IntStream.range(0, 6).map(i -> nodes.next())).doesNotContain(3);
    nodes.onHealthChecked(3, true);
    assertThat(nodes.after(2)).isEqualTo(3);
  }

  @Test
  void goesOnToTheNextEvenWhenAllRefused() {
    nodes.onRefused(1);
    nodes.onRefused(2);
    nodes.onRefused(3);

    assertThat(nodes.after(3)).isEqualTo(1);
  }
}
