package dev.rallypoint.loadtest.gatling.engine;

import io.gatling.core.action.Action;
import io.gatling.core.structure.ScenarioContext;
import io.gatling.javaapi.core.ActionBuilder;

/**
 * A step of a scenario. It is run for each user on the event loop of the user, must not block it,
 * and ends by one of the methods of {@link StepRun}, at once or later. What it throws is a KO.
 */
public abstract class Step implements ActionBuilder {
  private final String request;

  /** A step that is logged under this request name, the same for all users. */
  protected Step(String request) {
    if (request.isBlank() || request.contains("#{")) {
      throw new IllegalArgumentException(
          "a request name is a plain text, the same for all users: \"" + request + "\"");
    }
    this.request = request;
  }

  /** The request name. */
  public final String request() {
    return request;
  }

  /** Begins the step for a user. */
  protected abstract void run(StepRun run) throws Exception;

  @Override
  public final io.gatling.core.action.builder.ActionBuilder asScala() {
    return new Builder(this);
  }

  private record Builder(Step step) implements io.gatling.core.action.builder.ActionBuilder {
    @Override
    public Action build(ScenarioContext context, Action next) {
      return new StepAction(
          step,
          context.coreComponents(),
          context.protocolComponentsRegistry().components(RendezvousProtocol.KEY),
          next);
    }
  }
}
