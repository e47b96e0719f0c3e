package dev.rallypoint.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.rallypoint.cluster.VitalPart;
import dev.rallypoint.testing.PlantedFaults;
import dev.rallypoint.time.Ticker;
import java.time.Duration;
import java.util.UUID;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MemberHeartbeatFaultTest {
  @RegisterExtension final PlantedFaults planted = new PlantedFaults(VitalPart.class);

  @Test
  void endsItsNodeByAnErrorInsteadOfStoppingWithoutAWord() {
    ActorSystem<Void> system =
        ActorSystem.create(
            Behaviors.empty(),
            "rallypoint",
            ActorSystemSetup.create(
                BootstrapSetup.create(ConfigFactory.load("cluster")), new DownReason()));
    Cluster cluster = Cluster.get(system);
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
    ConnectionFactory broken =
        () -> {
          throw new LinkageError("planted");
        };
    MemberTable table =
        new MemberTable(
            Jdbi.create(broken),
            "rallypoint",
            "127.0.0.1:1",
            UUID.randomUUID(),
            BareNode.QUICK.stale());

    new MemberHeartbeat(system, table, BareNode.QUICK, Ticker.SYSTEM).start();

    assertThat(system.getWhenTerminated()).succeedsWithin(Duration.ofSeconds(60));
    assertThat(VitalPart.failure(system))
        .hasValue("its part cluster-heartbeat failed: java.lang.LinkageError: planted");
  }
}
