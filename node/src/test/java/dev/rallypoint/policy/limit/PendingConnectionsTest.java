package dev.rallypoint.policy.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class PendingConnectionsTest {
  private static final InetAddress A = InetAddress.ofLiteral("192.0.2.1");
  private static final InetAddress B = InetAddress.ofLiteral("192.0.2.2");
  private static final InetAddress C = InetAddress.ofLiteral("192.0.2.3");

  private final PendingConnections<String> pending = new PendingConnections<>(4, 3);

  @Test
  void letTheOldestOfAnAddressGiveWayWhenThatHasTooMany() {
    assertThat(pending.add(A, "a1")).isEmpty();
    assertThat(pending.add(A, "a2")).isEmpty();
    assertThat(pending.add(A, "a3")).isEmpty();
    assertThat(pending.add(A, "a4")).contains("a1");
    assertThat(pending.add(A, "a5")).contains("a2");
  }

  @Test
  void letTheOldestOfTheBusiestAddressGiveWayWhenThereAreTooManyInAll() {
    pending.add(B, "b1");
    pending.add(A, "a1");
    pending.add(A, "a2");
    pending.add(A, "a3");
    assertThat(pending.add(C, "c1")).contains("a1");
    assertThat(pending.remove(B, "b1")).isTrue();
  }

  @Test
  void countNobodyWhoIsProvenOrClosed() {
    pending.add(A, "a1");
    pending.add(A, "a2");
    pending.add(A, "a3");
    assertThat(pending.remove(A, "a2")).isTrue();
    assertThat(pending.add(A, "a4")).isEmpty();
  }

  @Test
  void tellWhetherAConnectionHasGivenWay() {
    pending.add(A, "a1");
    pending.add(A, "a2");
    pending.add(A, "a3");
    pending.add(A, "a4");
    assertThat(pending.remove(A, "a1")).isFalse();
    assertThat(pending.remove(A, "a4")).isTrue();
    assertThat(pending.remove(A, "a4")).isFalse();
    assertThat(pending.remove(C, "c1")).isFalse();
  }
}
