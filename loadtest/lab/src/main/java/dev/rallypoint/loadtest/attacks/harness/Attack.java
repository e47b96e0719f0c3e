package dev.rallypoint.loadtest.attacks.harness;

import java.util.List;

/** One attack on a node. */
public interface Attack {
  /** One source address, as a single machine has. */
  List<Integer> ONE_ADDRESS = List.of(1);

  /** The name on the command line. */
  String name();

  /** What the attacker does, in one line. */
  String description();

  /** How the attacked node is started. */
  default NodeSpec node() {
    return NodeSpec.DEFAULT;
  }

  /** The numbers of source addresses to attack from, each in a run of its own. */
  default List<Integer> addresses() {
    return List.of(1, 2_000);
  }

  /**
   * Attacks until {@link AttackContext#isOver}. What the node does against it, such as a closed
   * connection, is no error.
   *
   * @throws Exception when the attack could not be carried out
   */
  void run(AttackContext context) throws Exception;

  /** The rules of this attack beside those about honest clients, given the figures of the run. */
  default List<Finding> judge(RunFigures figures) {
    return List.of();
  }
}
