package dev.rallypoint.loadtest.gatling.engine;

import dev.rallypoint.loadtest.gatling.client.RequestLog;
import dev.rallypoint.loadtest.gatling.client.VirtualUser;
import dev.rallypoint.loadtest.gatling.link.ClientRuntime;
import dev.rallypoint.loadtest.gatling.link.Failure;
import io.gatling.core.protocol.ProtocolComponents;
import io.gatling.core.session.Session;
import scala.Function1;
import scala.runtime.BoxedUnit;

/** What the steps of a run share; gives each user its {@link VirtualUser} and takes it away. */
final class RendezvousComponents implements ProtocolComponents {
  private static final String USER = "rallypoint.user";
  private static final String WARM_UP = "warm-up";

  private final ClientRuntime runtime;
  private final GatlingLog log;

  RendezvousComponents(ClientRuntime runtime, GatlingLog log) {
    this.runtime = runtime;
    this.log = log;
  }

  ClientRuntime runtime() {
    return runtime;
  }

  GatlingLog log() {
    return log;
  }

  static VirtualUser user(Session session) {
    return (VirtualUser) session.attributes().apply(USER);
  }

  @Override
  public Function1<Session, Session> onStart() {
    return session ->
        session.set(
            USER,
            new VirtualUser(
                runtime,
                session.eventLoop(),
                session.userId() + runtime.settings().userOffset(),
                new UserLog(session)));
  }

  @Override
  public Function1<Session, BoxedUnit> onExit() {
    return session -> {
      if (session.contains(USER)) {
        user(session).close();
      }
      return BoxedUnit.UNIT;
    };
  }

  /**
   * Logs what happens beside the steps under the scenario of the user; in a scenario of the name
   * {@value #WARM_UP} under request names that begin with it, so that it is not measured.
   */
  private final class UserLog implements RequestLog {
    private final Session session;
    private final String prefix;

    UserLog(Session session) {
      this.session = session;
      this.prefix = session.scenario().equals(WARM_UP) ? WARM_UP + " " : "";
    }

    @Override
    public void ok(String request, long startNanos) {
      log.ok(session, prefix + request, startNanos);
    }

    @Override
    public void ko(String request, long startNanos, Failure failure) {
      log.ko(session, prefix + request, startNanos, failure);
    }
  }
}
