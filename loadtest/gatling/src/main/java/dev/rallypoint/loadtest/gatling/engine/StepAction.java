package dev.rallypoint.loadtest.gatling.engine;

import com.typesafe.scalalogging.Logger;
import io.gatling.core.CoreComponents;
import io.gatling.core.action.Action;
import io.gatling.core.action.BlockExit;
import io.gatling.core.session.Session;
import org.slf4j.LoggerFactory;
import scala.Option;

/** A {@link Step} as an action of Gatling, which leaves loops as Gatling's own actions do. */
final class StepAction implements Action {
  private static final Logger LOGGER = Logger.apply(LoggerFactory.getLogger(StepAction.class));

  private final Step step;
  private final CoreComponents core;
  private final RendezvousComponents components;
  private final Action next;

  StepAction(Step step, CoreComponents core, RendezvousComponents components, Action next) {
    this.step = step;
    this.core = core;
    this.components = components;
    this.next = next;
  }

  @Override
  public String name() {
    return step.request();
  }

  @Override
  public Logger logger() {
    return LOGGER;
  }

  @Override
  public void com$typesafe$scalalogging$StrictLogging$_setter_$logger_$eq(Logger ignored) {
    // the setter of the trait's field, which is a constant here
  }

  /** Scala's {@code !}. */
  @Override
  public void $bang(Session session) {
    if (!session.eventLoop().inEventLoop()) {
      if (!session.eventLoop().isShutdown()) {
        session.eventLoop().execute(() -> $bang(session));
      }
      return;
    }
    Option<BlockExit> exit = BlockExit.mustExit(session);
    if (exit.isDefined()) {
      exit.get().exitBlock(core.statsEngine(), core.clock().nowMillis());
    } else {
      execute(session);
    }
  }

  @Override
  public void execute(Session session) {
    StepRun run =
        new StepRun(step.request(), session, components.log(), components.runtime(), next);
    try {
      step.run(run);
    } catch (Exception e) {
      run.threw(e);
    }
  }
}
