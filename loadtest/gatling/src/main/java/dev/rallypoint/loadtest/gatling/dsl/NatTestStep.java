package dev.rallypoint.loadtest.gatling.dsl;

import dev.rallypoint.loadtest.gatling.client.ServerQuestion;
import dev.rallypoint.loadtest.gatling.engine.Step;
import dev.rallypoint.loadtest.gatling.engine.StepRun;
import dev.rallypoint.loadtest.gatling.link.AnswerListener;
import dev.rallypoint.loadtest.gatling.link.Failure;
import dev.rallypoint.loadtest.gatling.link.Reason;
import dev.rallypoint.protocol.proto.RendezvousMessage;

/** Asks the server for the own port as it sees it, at one of the two ports of the NAT test. */
public final class NatTestStep extends Step {
  private final boolean isSecondPort;

  NatTestStep(String request, boolean isSecondPort) {
    super(request);
    this.isSecondPort = isSecondPort;
  }

  /** At the port below the ID server's. */
  public NatTestStep atSecondPort() {
    return new NatTestStep(request(), true);
  }

  @Override
  protected void run(StepRun run) {
    ServerQuestion.nat(run.settings().server(run.user().number()), isSecondPort)
        .run(
            run.user(),
            run.settings().timeout(),
            new AnswerListener() {
              @Override
              public void answered(RendezvousMessage answer) {
                if (answer.getTestNatResponse().getPort() > 0) {
                  run.ok();
                } else {
                  run.ko(Failure.of(Reason.UNEXPECTED_ANSWER));
                }
              }

              @Override
              public void failed(Failure failure) {
                run.ko(failure);
              }
            });
  }
}
