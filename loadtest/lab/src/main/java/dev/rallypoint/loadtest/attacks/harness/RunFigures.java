package dev.rallypoint.loadtest.attacks.harness;

import java.util.List;
import java.util.OptionalLong;

/**
 * The figures of one run.
 *
 * @param addresses from how many source addresses the attacker sent
 * @param quiet without the attack
 * @param attacked during the attack
 * @param sent what the attacker sent: datagrams, frames, connections or requests
 * @param victim what the victim got from the node
 * @param newRows how many ids the database got during the attack
 * @param heap the heap of the node
 * @param notes what else the attacker observed
 */
public record RunFigures(
    int addresses,
    Phase quiet,
    Phase attacked,
    long sent,
    Received victim,
    long newRows,
    Heap heap,
    List<String> notes) {

  /**
   * What a victim got.
   *
   * @param datagrams how many datagrams
   * @param bytes how many bytes these had
   */
  public record Received(long datagrams, long bytes) {}

  /**
   * The heap in use after a collection, in bytes; empty where it cannot be had.
   *
   * @param before before the attack
   * @param after after the attack
   */
  public record Heap(OptionalLong before, OptionalLong after) {}

  /** What the attacker sent in a second. */
  public double sentPerSecond() {
    return sent / attacked.seconds();
  }
}
