package dev.rallypoint.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.policy.limit.ConnectionQuota;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.testing.TestPorts;
import dev.rallypoint.transport.Link;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a connection ends that may live for 70 s and renews its deadline of 10 s. */
class ClientLinkTest {
  private static final Duration TEN = Duration.ofSeconds(10);

  private final ActorTestKit kit = ActorTestKit.create();
  private final TestProbe<Link.Message> connection = kit.createTestProbe(Link.Message.class);
  private final Counters counters = new Counters();
  private final AtomicLong now = new AtomicLong();
  private final ClientLink link =
      new ClientLink(
          connection.getRef(),
          TestPorts.plain(counters)
              .forFrames(1)
              .admission(new ConnectionQuota(10, 100, List.of()))
              .admit(PeerAddress.v4(0xCB007107, 1_000))
              .orElseThrow(),
          false,
          new ClientLink.Lifetime(Duration.ofSeconds(70), now::get, counters));

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private void deadlineAt(int seconds) {
    now.set(Duration.ofSeconds(seconds).toNanos());
    link.deadline(TEN);
  }

  @Test
  void hasNoDeadlineBehindItsEnd() {
    deadlineAt(60);
    connection.expectMessage(new Link.SetDeadline(TEN));
    deadlineAt(65);
    connection.expectMessage(new Link.SetDeadline(Duration.ofSeconds(5)));
  }

  @Test
  void isClosedAtItsEndHoweverOftenItRenewsItsDeadline() {
    for (int second = 5; second < 70; second += 5) {
      deadlineAt(second);
      connection.expectMessageClass(Link.SetDeadline.class);
    }
    deadlineAt(70);
    connection.expectMessage(new Link.Finish());
    assertThat(counters.of(DropReason.CONNECTION_OVERTIME)).isOne();
  }

  @Test
  void livesOnWhereAPeerIsRegistered() {
    link.setRegistered();
    deadlineAt(86_400);
    connection.expectMessage(new Link.SetDeadline(TEN));
  }

  @Test
  void livesLongerAsAHealthCheck() {
    link.mayLast(Duration.ofHours(24));
    deadlineAt(3_600);
    connection.expectMessage(new Link.SetDeadline(TEN));
    deadlineAt(86_400);
    connection.expectMessage(new Link.Finish());
  }
}
