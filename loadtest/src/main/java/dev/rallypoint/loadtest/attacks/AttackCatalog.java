package dev.rallypoint.loadtest.attacks;

import dev.rallypoint.loadtest.attacks.datagrams.DatagramFlood;
import dev.rallypoint.loadtest.attacks.harness.Attack;
import dev.rallypoint.loadtest.attacks.identity.HomeMoves;
import java.util.ArrayList;
import java.util.List;

/** All attacks. */
final class AttackCatalog {
  private AttackCatalog() {}

  /** The attacks in the order in which they run. */
  static List<Attack> all() {
    List<Attack> all = new ArrayList<>();
    all.add(new HomeMoves());
    all.addAll(DatagramFlood.all());
    return List.copyOf(all);
  }
}
