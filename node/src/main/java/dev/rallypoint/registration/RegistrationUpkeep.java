package dev.rallypoint.registration;

import dev.rallypoint.cluster.Members;
import dev.rallypoint.config.NodeRole;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.Hop;
import dev.rallypoint.store.PeerStore;
import dev.rallypoint.time.Ticker;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;

/** Starts the actors of a node that work through all ids at their leisure. */
final class RegistrationUpkeep {
  private RegistrationUpkeep() {}

  /**
   * Starts {@link NewIdUpkeep} and {@link LastUse}.
   *
   * @param forgetAfter the age of a new id that is let go; zero for never
   */
  static LastUse start(
      ActorSystem<?> system,
      PeerStore store,
      LeaseBook leases,
      RegistrationEntities entities,
      Counters counters,
      Ticker clock,
      Duration forgetAfter) {
    system.systemActorOf(
        NewIdUpkeep.create(
            store,
            leases,
            id -> entities.ask(id, Hop.LET_GO, PeerCommand.LetGo::new),
            () -> Members.isOldest(system, NodeRole.RENDEZVOUS.word()),
            counters,
            clock,
            NewIdUpkeep.Times.of(forgetAfter)),
        "new-id-upkeep",
        Props.empty());
    LastUse lastUse = new LastUse(leases, store);
    system.systemActorOf(lastUse.upkeep(), "last-use", Props.empty());
    return lastUse;
  }
}
