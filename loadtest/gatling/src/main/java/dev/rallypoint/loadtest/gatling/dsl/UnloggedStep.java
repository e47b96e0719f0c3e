package dev.rallypoint.loadtest.gatling.dsl;

import dev.rallypoint.loadtest.gatling.client.VirtualUser;
import dev.rallypoint.loadtest.gatling.engine.Step;
import dev.rallypoint.loadtest.gatling.engine.StepRun;
import java.util.function.Consumer;

/** A step that is no request, such as leaving. */
final class UnloggedStep extends Step {
  private final Consumer<VirtualUser> deed;

  UnloggedStep(String name, Consumer<VirtualUser> deed) {
    super(name);
    this.deed = deed;
  }

  @Override
  protected void run(StepRun run) {
    deed.accept(run.user());
    run.done();
  }
}
