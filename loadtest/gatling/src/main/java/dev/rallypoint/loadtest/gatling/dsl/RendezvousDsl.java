package dev.rallypoint.loadtest.gatling.dsl;

import dev.rallypoint.loadtest.gatling.client.VirtualUser;
import dev.rallypoint.loadtest.gatling.figures.LimitBuilder;
import io.gatling.javaapi.core.ActionBuilder;

/**
 * The entry points; import them statically beside Gatling's {@code CoreDsl}.
 *
 * <pre>{@code
 * import static dev.rallypoint.loadtest.gatling.dsl.RendezvousDsl.*;
 *
 * scenario("peers")
 *     .feed(ids)
 *     .exec(rendezvous("register").peer("#{id}"))
 *     .exitHereIfFailed()
 *     .forever()
 *     .on(pace(15).exec(rendezvous("heartbeat").beat()));
 * }</pre>
 */
public final class RendezvousDsl {
  /** The protocol; {@link RendezvousProtocolBuilder#server(String)} begins its settings. */
  public static final RendezvousProtocolBuilder rendezvous = RendezvousProtocolBuilder.DEFAULTS;

  private RendezvousDsl() {}

  /**
   * A step at the ID server.
   *
   * @param request the name in the report, the same for all users
   */
  public static Rendezvous rendezvous(String request) {
    return new Rendezvous(request);
  }

  /**
   * A step at a relay.
   *
   * @param request the name in the report, the same for all users
   */
  public static Relay relay(String request) {
    return new Relay(request);
  }

  /** The user is a registered peer no more: its link is closed without a word, as clients do. */
  public static ActionBuilder leave() {
    return new UnloggedStep("leave", VirtualUser::leave);
  }

  /** Closes the relayed session of the user. */
  public static ActionBuilder closeRelay() {
    return new UnloggedStep("close relay", user -> user.takeRelay(null));
  }

  /**
   * A limit in microseconds or on counts, judged after the run; see {@link
   * RendezvousProtocolBuilder#limits}.
   *
   * @param request the name of a step
   */
  public static LimitBuilder limit(String request) {
    return new LimitBuilder(request);
  }
}
