package dev.rallypoint.loadtest.gatling.dsl;

import dev.rallypoint.loadtest.gatling.client.RelaySession;
import dev.rallypoint.loadtest.gatling.client.RelayTicket;
import dev.rallypoint.loadtest.gatling.engine.SessionText;
import dev.rallypoint.loadtest.gatling.engine.Step;
import dev.rallypoint.loadtest.gatling.engine.StepRun;
import dev.rallypoint.loadtest.gatling.link.Failure;
import dev.rallypoint.loadtest.gatling.link.Reason;
import dev.rallypoint.loadtest.gatling.link.Way;
import java.time.Duration;
import java.util.Optional;

/** Opens a relayed session, which the user then holds until {@link RendezvousDsl#closeRelay()}. */
public final class OpenRelayStep extends Step {
  private final String ticket;
  private Way way = Way.TCP;
  private Optional<SessionText> server = Optional.empty();
  private Optional<Duration> limit = Optional.empty();

  OpenRelayStep(String request, String ticket) {
    super(request);
    this.ticket = ticket;
  }

  private OpenRelayStep(OpenRelayStep other) {
    super(other.request());
    this.ticket = other.ticket;
    this.way = other.way;
    this.server = other.server;
    this.limit = other.limit;
  }

  /** Over a WebSocket. */
  public OpenRelayStep overWebSocket() {
    OpenRelayStep copy = new OpenRelayStep(this);
    copy.way = Way.WEBSOCKET;
    return copy;
  }

  /**
   * At one of several servers; a ticket names its relay itself.
   *
   * @param place its place in the list of the protocol, from 0, such as {@code "#{node}"}
   */
  public OpenRelayStep at(String place) {
    OpenRelayStep copy = new OpenRelayStep(this);
    copy.server = Optional.of(SessionText.of(place));
    return copy;
  }

  /** How long it may take. */
  public OpenRelayStep timeout(Duration timeout) {
    OpenRelayStep copy = new OpenRelayStep(this);
    copy.limit = Optional.of(timeout);
    return copy;
  }

  @Override
  protected void run(StepRun run) {
    RelaySession.Opening opening =
        new RelaySession.Opening() {
          @Override
          public void paired(RelaySession session) {
            run.user().takeRelay(session);
            run.ok();
          }

          @Override
          public void failed(Failure failure) {
            run.ko(failure);
          }
        };
    Duration timeout = limit.orElse(run.settings().timeout());
    if (ticket.isEmpty()) {
      RelaySession.openBoth(
          run.user(), run.settings().server(Places.of(server, run)), way, timeout, opening);
    } else if (run.session().contains(ticket)) {
      RelayTicket saved = run.session().get(ticket);
      if (saved == null) {
        throw new IllegalStateException("no ticket in " + ticket);
      }
      RelaySession.join(run.user(), saved, way, timeout, opening);
    } else {
      run.ko(Failure.of(Reason.NOT_OPEN));
    }
  }
}
