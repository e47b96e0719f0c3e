package dev.rallypoint.relay.session;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A session whose shard may have been elsewhere: it asks the nodes before it does anything. */
class SessionRecoveryTest {
  private static ActorTestKit kit;
  private static ManualTime time;
  private TestProbe<SessionReply> node;
  private TestProbe<SessionReply> other;
  private ActorRef<SessionCommand> session;

  @BeforeAll
  static void createKit() {
    kit =
        ActorTestKit.create(
            ManualTime.config()
                .withFallback(ConfigFactory.parseString("pekko.actor.provider = local"))
                .withFallback(ConfigFactory.load("cluster")));
    time = ManualTime.get(kit.system());
  }

  @AfterAll
  static void shutDownKit() {
    kit.shutdownTestKit();
  }

  @BeforeEach
  void ask() {
    node = kit.createTestProbe();
    other = kit.createTestProbe();
    TestProbe<SessionCommand> again = kit.createTestProbe();
    TestProbe<ClusterSharding.ShardCommand> shard = kit.createTestProbe();
    session =
        kit.spawn(
            RelaySession.create(
                "u",
                new SessionContext(
                    Duration.ofSeconds(30),
                    () -> TicketTest.TICKET,
                    shard.getRef(),
                    again.getRef()::tell,
                    () -> Set.of(node.getRef(), other.getRef()),
                    () -> true)));
    join(1, SessionSide.A);
    join(2, SessionSide.B);
    node.expectMessage(new SessionReply.RecoveryQuery(0, "u", session));
    other.expectMessage(new SessionReply.RecoveryQuery(0, "u", session));
  }

  private void join(long number, SessionSide side) {
    session.tell(
        new SessionCommand.Join(new LegRef(node.getRef(), number), side, 0, BackhaulAddress.NONE));
  }

  @Test
  void pairsOnceAllNodesKnowNothing() {
    session.tell(new SessionCommand.Unknown(node.getRef()));
    node.expectNoMessage();
    session.tell(new SessionCommand.Unknown(other.getRef()));
    node.expectMessage(new SessionReply.Waiting(1));
    node.expectMessageClass(SessionReply.Paired.class);
  }

  @Test
  void pairsThoughANodeDoesNotAnswer() {
    session.tell(new SessionCommand.Unknown(node.getRef()));
    time.timePasses(Duration.ofSeconds(1));
    node.expectMessage(new SessionReply.Waiting(1));
    node.expectMessageClass(SessionReply.Paired.class);
  }

  @Test
  void refusesBothWhenANodeKnowsAPair() {
    LegRef a = new LegRef(other.getRef(), 7);
    session.tell(new SessionCommand.Resumed(a, a, new LegRef(other.getRef(), 8)));
    other.expectMessage(new SessionReply.Acknowledged(7));
    node.expectMessage(new SessionReply.Refused(1, false));
    node.expectMessage(new SessionReply.Refused(2, false));
  }

  @Test
  void refusesBothWhenANodeKnowsThatItIsOver() {
    LegRef a = new LegRef(other.getRef(), 0);
    session.tell(new SessionCommand.Ended(a, EndReason.FINISHED, 0));
    other.expectMessage(new SessionReply.Acknowledged(0));
    node.expectMessage(new SessionReply.Refused(1, true));
    node.expectMessage(new SessionReply.Refused(2, true));
  }
}
