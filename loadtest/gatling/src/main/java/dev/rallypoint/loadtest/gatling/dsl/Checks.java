package dev.rallypoint.loadtest.gatling.dsl;

import dev.rallypoint.loadtest.gatling.engine.StepRun;
import dev.rallypoint.loadtest.gatling.link.Failure;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import io.gatling.javaapi.core.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The checks of a step.
 *
 * @param all in the order of the scenario
 */
record Checks(List<Check> all) {
  static final Checks NONE = new Checks(List.of());

  Checks and(Check... more) {
    List<Check> both = new ArrayList<>(all);
    both.addAll(List.of(more));
    return new Checks(List.copyOf(both));
  }

  /** Ends a step: well when each check holds, else with the first that does not. */
  void judge(StepRun run, RendezvousMessage answer) {
    judge(run, answer, unchanged -> unchanged);
  }

  /** The same, and changes attributes of the user when it ends well. */
  void judge(StepRun run, RendezvousMessage answer, UnaryOperator<Session> change) {
    for (Check check : all) {
      if (!check.holds().test(answer, run.session())) {
        run.ko(Failure.ofCheck(check.name()));
        return;
      }
    }
    run.ok(change);
  }
}
