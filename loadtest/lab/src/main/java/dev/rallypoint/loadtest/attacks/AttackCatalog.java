package dev.rallypoint.loadtest.attacks;

import dev.rallypoint.loadtest.attacks.connections.ClusterPort;
import dev.rallypoint.loadtest.attacks.connections.EndlessFrames;
import dev.rallypoint.loadtest.attacks.connections.HeldConnections;
import dev.rallypoint.loadtest.attacks.connections.RelaySessionFlood;
import dev.rallypoint.loadtest.attacks.connections.TlsHellos;
import dev.rallypoint.loadtest.attacks.datagrams.DatagramFlood;
import dev.rallypoint.loadtest.attacks.harness.Attack;
import dev.rallypoint.loadtest.attacks.identity.Amplification;
import dev.rallypoint.loadtest.attacks.identity.ForgedAnswers;
import dev.rallypoint.loadtest.attacks.identity.HomeMoves;
import dev.rallypoint.loadtest.attacks.identity.OnlineQueries;
import dev.rallypoint.loadtest.attacks.identity.PushStorm;
import dev.rallypoint.loadtest.attacks.identity.Reflection;
import dev.rallypoint.loadtest.attacks.identity.RelayRequests;
import dev.rallypoint.loadtest.attacks.identity.SpentLimits;
import java.util.ArrayList;
import java.util.List;

/** All attacks. */
final class AttackCatalog {
  private AttackCatalog() {}

  /** The attacks in the order in which they run. */
  static List<Attack> all() {
    List<Attack> all = new ArrayList<>();
    all.add(new ForgedAnswers());
    all.addAll(PushStorm.all());
    all.addAll(HomeMoves.all());
    all.add(new RelayRequests());
    all.add(new OnlineQueries());
    all.add(new SpentLimits());
    all.add(new Reflection());
    all.add(new Amplification());
    all.addAll(DatagramFlood.all());
    all.addAll(HeldConnections.all());
    all.addAll(EndlessFrames.all());
    all.addAll(TlsHellos.all());
    all.addAll(RelaySessionFlood.all());
    all.add(new ClusterPort());
    return List.copyOf(all);
  }
}
