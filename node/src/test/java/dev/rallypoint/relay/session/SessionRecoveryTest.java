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

/** A session whose shard may have been elsewhere: it asks the homes before it does anything. */
class SessionRecoveryTest {
  private static ActorTestKit kit;
  private static ManualTime time;
  private TestProbe<SessionReply> home;
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
    home = kit.createTestProbe();
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
                    () -> Set.of(home.getRef(), other.getRef()),
                    () -> true)));
    join(1, SessionSide.A);
    join(2, SessionSide.B);
    home.expectMessage(new SessionReply.RecoveryQuery(0, "u", session));
    other.expectMessage(new SessionReply.RecoveryQuery(0, "u", session));
  }

  private void join(long number, SessionSide side) {
    session.tell(
        new SessionCommand.Join(new LegRef(home.getRef(), number), side, 0, BackhaulAddress.NONE));
  }

  @Test
  void introducesOnceAllHomesKnowNothing() {
    session.tell(new SessionCommand.Unknown(home.getRef()));
    home.expectNoMessage();
    session.tell(new SessionCommand.Unknown(other.getRef()));
    home.expectMessage(new SessionReply.Waiting(1));
    home.expectMessageClass(SessionReply.Paired.class);
  }

  @Test
  void introducesThoughAHomeIsSilent() {
    session.tell(new SessionCommand.Unknown(home.getRef()));
    time.timePasses(Duration.ofSeconds(1));
    home.expectMessage(new SessionReply.Waiting(1));
    home.expectMessageClass(SessionReply.Paired.class);
  }

  @Test
  void refusesBothWhenAHomeKnowsAPair() {
    LegRef a = new LegRef(other.getRef(), 7);
    session.tell(new SessionCommand.Resumed(a, a, new LegRef(other.getRef(), 8)));
    other.expectMessage(new SessionReply.Acknowledged(7));
    home.expectMessage(new SessionReply.Refused(1, false));
    home.expectMessage(new SessionReply.Refused(2, false));
  }

  @Test
  void refusesBothWhenAHomeKnowsThatItIsOver() {
    LegRef a = new LegRef(other.getRef(), 0);
    session.tell(new SessionCommand.Ended(a, EndReason.FINISHED, 0));
    other.expectMessage(new SessionReply.Acknowledged(0));
    home.expectMessage(new SessionReply.Refused(1, true));
    home.expectMessage(new SessionReply.Refused(2, true));
  }
}
