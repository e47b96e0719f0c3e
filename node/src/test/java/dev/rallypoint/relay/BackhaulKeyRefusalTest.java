package dev.rallypoint.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.metrics.DropReason;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A wrong access key on one node of two, and the partner that waits on the other. */
class BackhaulKeyRefusalTest {
  @TempDir private Path data;

  @Test
  void closesThePartnerThatWaitsOnTheOtherNodeAndNobodyElse() throws Exception {
    try (RelayCluster cluster = RelayCluster.of(2, data);
        RelayClient a = cluster.node(1).sideA("apart");
        RelayClient other = cluster.node(1).sideA("other")) {
      await().until(() -> cluster.placeOf("apart") > 0 && cluster.placeOf("other") > 0);
      byte[] wrong = Requests.frame(Requests.builder("apart").setLicenceKey("guess"));
      try (RelayClient b = cluster.node(2).connect().send(wrong)) {
        assertThat(b.isClosed()).isTrue();
      }
      assertThat(a.isClosed()).isTrue();
      assertThat(cluster.node(1).counters().of(DropReason.RELAY_PARTNER_REFUSED)).isOne();
      try (RelayClient b = cluster.node(2).sideB("other").send("hello")) {
        assertThat(other.receive(5)).isEqualTo("hello");
      }
    }
  }
}
