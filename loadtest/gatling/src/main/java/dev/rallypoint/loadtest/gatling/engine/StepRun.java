package dev.rallypoint.loadtest.gatling.engine;

import dev.rallypoint.loadtest.gatling.client.Outcome;
import dev.rallypoint.loadtest.gatling.client.VirtualUser;
import dev.rallypoint.loadtest.gatling.link.ClientRuntime;
import dev.rallypoint.loadtest.gatling.link.ClientSettings;
import dev.rallypoint.loadtest.gatling.link.Failure;
import dev.rallypoint.loadtest.gatling.link.Reason;
import io.gatling.core.action.Action;
import io.gatling.javaapi.core.Session;
import java.util.function.UnaryOperator;

/**
 * One run of a step by one user, which ends once: later calls of a method that ends it do nothing.
 * Used on the event loop of the user only.
 */
public final class StepRun implements Outcome {
  private final String request;
  private final io.gatling.core.session.Session session;
  private final GatlingLog log;
  private final ClientRuntime runtime;
  private final Action next;
  private final long start = System.nanoTime();
  private boolean ended;
  private boolean isPartFailed;

  StepRun(
      String request,
      io.gatling.core.session.Session session,
      GatlingLog log,
      ClientRuntime runtime,
      Action next) {
    this.request = request;
    this.session = session;
    this.log = log;
    this.runtime = runtime;
    this.next = next;
  }

  /** The attributes of the user as they were when the step began. */
  public Session session() {
    return new Session(session);
  }

  /** The simulated client. */
  public VirtualUser user() {
    return RendezvousComponents.user(session);
  }

  /** What all simulated clients share. */
  public ClientSettings settings() {
    return runtime.settings();
  }

  /** The step has succeeded; its time ends now. */
  @Override
  public void ok() {
    ok(unchanged -> unchanged);
  }

  /** The step has succeeded, and attributes of the user change. */
  public void ok(UnaryOperator<Session> change) {
    if (!ended) {
      io.gatling.core.session.Session after;
      try {
        after = change.apply(session()).asScala();
      } catch (RuntimeException e) {
        threw(e);
        return;
      }
      ended = true;
      next.$bang(timed(after, log.ok(session, request, start)));
    }
  }

  /** The step has failed. */
  @Override
  public void ko(Failure failure) {
    if (!ended) {
      ended = true;
      next.$bang(log.ko(session, request, start, failure));
    }
  }

  /** Logs a part of the step as a request that has succeeded now. */
  public void log(long startNanos) {
    log.ok(session, request, startNanos);
  }

  /** Logs a part of the step as a request that has failed now. */
  public void log(long startNanos, Failure failure) {
    isPartFailed = true;
    log.ko(session, request, startNanos, failure);
  }

  /** The step has ended and is no request itself: its parts, if any, are logged already. */
  public void done() {
    if (!ended) {
      ended = true;
      next.$bang(isPartFailed ? session.markAsFailed() : session);
    }
  }

  /** The load generator threw an exception: it is counted, and the step is a KO. */
  public void threw(Exception error) {
    runtime.generatorError(error);
    ko(Failure.of(Reason.GENERATOR_ERROR));
  }

  /** The attributes of one session with the group times of another. */
  private static io.gatling.core.session.Session timed(
      io.gatling.core.session.Session changed, io.gatling.core.session.Session timed) {
    return changed.copy(
        timed.scenario(),
        timed.userId(),
        changed.attributes(),
        changed.baseStatus(),
        timed.blockStack(),
        timed.onExit(),
        timed.eventLoop());
  }
}
