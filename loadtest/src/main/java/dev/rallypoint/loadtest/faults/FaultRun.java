package dev.rallypoint.loadtest.faults;

import dev.rallypoint.loadtest.crowd.CrowdAddresses;
import java.util.List;

/** One fault and what it is allowed to do. */
interface FaultRun {
  /** The goal's name, such as R1. */
  String name();

  /** What is done, in a line. */
  String meaning();

  /** Settings of the nodes that this run needs, {@code name=value}. */
  default List<String> settings(Scale scale) {
    return List.of();
  }

  /** How many peers are registered before it begins. */
  int peers(Scale scale);

  /** Where those peers come from. */
  default CrowdAddresses addresses() {
    return CrowdAddresses.OF_THEIR_OWN;
  }

  /** Plays it on a cluster whose peers are registered. */
  void play(Rig rig, Scorecard card) throws Exception;
}
