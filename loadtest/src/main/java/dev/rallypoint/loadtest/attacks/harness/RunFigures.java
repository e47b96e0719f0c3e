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
 * @param victimDatagrams how many datagrams the victim got from the node
 * @param victimBytes how many bytes these had
 * @param newRows how many ids the database got during the attack
 * @param heapBefore the heap in use after a collection before the attack, in bytes
 * @param heapAfter the same after the attack
 * @param notes what else the attacker observed
 */
public record RunFigures(
    int addresses,
    Phase quiet,
    Phase attacked,
    long sent,
    long victimDatagrams,
    long victimBytes,
    long newRows,
    OptionalLong heapBefore,
    OptionalLong heapAfter,
    List<String> notes) {

  /** What the attacker sent in a second. */
  public double sentPerSecond() {
    return sent / attacked.seconds();
  }
}
