package dev.rallypoint.relay;

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
class InquiryTest {
  private static ActorTestKit kit;
  private static ManualTime time;
  private TestProbe<LegAnswer> home;
  private TestProbe<LegAnswer> other;
  private ActorRef<RelaySession.Command> session;

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
    TestProbe<RelaySession.Command> again = kit.createTestProbe();
    TestProbe<ClusterSharding.ShardCommand> shard = kit.createTestProbe();
    session =
        kit.spawn(
            RelaySession.create(
                "u",
                new SessionSurroundings(
                    Duration.ofSeconds(30),
                    () -> RelaySessionMessagesTest.TICKET,
                    shard.getRef(),
                    again.getRef()::tell,
                    () -> Set.of(home.getRef(), other.getRef()),
                    () -> true)));
    join(1, Side.A);
    join(2, Side.B);
    home.expectMessage(new LegAnswer.Asked(0, "u", session));
    other.expectMessage(new LegAnswer.Asked(0, "u", session));
  }

  private void join(long number, Side side) {
    session.tell(
        new RelaySession.Join(new LegName(home.getRef(), number), side, 0, BackhaulAddress.NONE));
  }

  @Test
  void introducesOnceAllHomesKnowNothing() {
    session.tell(new RelaySession.Unknown(home.getRef()));
    home.expectNoMessage();
    session.tell(new RelaySession.Unknown(other.getRef()));
    home.expectMessage(new LegAnswer.Waits(1));
    home.expectMessageClass(LegAnswer.Introduced.class);
  }

  @Test
  void introducesThoughAHomeIsSilent() {
    session.tell(new RelaySession.Unknown(home.getRef()));
    time.timePasses(Duration.ofSeconds(1));
    home.expectMessage(new LegAnswer.Waits(1));
    home.expectMessageClass(LegAnswer.Introduced.class);
  }

  @Test
  void refusesBothWhenAHomeKnowsAPair() {
    LegName a = new LegName(other.getRef(), 7);
    session.tell(new RelaySession.Resumed(a, a, new LegName(other.getRef(), 8)));
    other.expectMessage(new LegAnswer.Noted(7));
    home.expectMessage(new LegAnswer.Refused(1, false));
    home.expectMessage(new LegAnswer.Refused(2, false));
  }

  @Test
  void refusesBothWhenAHomeKnowsThatItIsOver() {
    LegName a = new LegName(other.getRef(), 0);
    session.tell(new RelaySession.Ended(a, EndReason.FINISHED, 0));
    other.expectMessage(new LegAnswer.Noted(0));
    home.expectMessage(new LegAnswer.Refused(1, true));
    home.expectMessage(new LegAnswer.Refused(2, true));
  }
}
