package dev.rallypoint.loadtest.gatling.dsl;

import dev.rallypoint.loadtest.gatling.engine.SessionText;
import dev.rallypoint.loadtest.gatling.engine.StepRun;
import java.util.Optional;

/** Which of several servers a step goes to. */
final class Places {
  private Places() {}

  /** The place that the scenario names, or that of the user, so that users are spread evenly. */
  static long of(Optional<SessionText> place, StepRun run) {
    return place.isPresent() ? Long.parseLong(place.get().of(run.session())) : run.user().number();
  }
}
