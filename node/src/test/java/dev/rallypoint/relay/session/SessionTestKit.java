package dev.rallypoint.relay.session;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Spawns sessions of the uuid {@code u}, in one actor system with manual time for each class. */
final class SessionTestKit implements BeforeAllCallback, AfterAllCallback {
  static final Duration WAIT = Duration.ofSeconds(30);

  private ActorTestKit kit;

  /**
   * A session with probes around it.
   *
   * @param resent what it has sent to this uuid's session again
   */
  record Spawned(
      ActorRef<SessionCommand> session,
      TestProbe<SessionCommand> resent,
      TestProbe<ClusterSharding.ShardCommand> shard) {}

  @Override
  public void beforeAll(ExtensionContext context) {
    kit =
        ActorTestKit.create(
            ManualTime.config()
                .withFallback(ConfigFactory.parseString("pekko.actor.provider = local"))
                .withFallback(ConfigFactory.load("cluster")));
  }

  @Override
  public void afterAll(ExtensionContext context) {
    kit.shutdownTestKit();
  }

  ManualTime time() {
    return ManualTime.get(kit.system());
  }

  /** The actor of a node. */
  TestProbe<SessionReply> node() {
    return kit.createTestProbe();
  }

  Spawned spawn(Set<ActorRef<SessionReply>> nodesToAsk) {
    TestProbe<SessionCommand> resent = kit.createTestProbe();
    TestProbe<ClusterSharding.ShardCommand> shard = kit.createTestProbe();
    return new Spawned(
        kit.spawn(
            RelaySession.create(
                "u",
                new SessionContext(
                    WAIT,
                    () -> TicketTest.TICKET,
                    shard.getRef(),
                    resent.getRef()::tell,
                    () -> nodesToAsk,
                    () -> true))),
        resent,
        shard);
  }
}
