package dev.rallypoint.loadtest.gatling.dsl;

import java.time.Duration;

/** What a step at a relay does. A user has at most one relayed session. */
public final class Relay {
  private final String request;

  Relay(String request) {
    this.request = request;
  }

  /** Opens a session of which this user holds both ends; the time is until it is paired. */
  public OpenRelayStep bothEnds() {
    return new OpenRelayStep(request, "");
  }

  /**
   * Joins a session that the ID server has arranged, at whose other end a simulated peer echoes.
   *
   * @param ticket the attribute under which {@link PunchStep#saveRelay} or {@link
   *     RelayRequestStep#saveRelay} has kept it
   */
  public OpenRelayStep join(String ticket) {
    return new OpenRelayStep(request, ticket);
  }

  /** Sends as fast as the session takes it; each MiB that arrives is a request of this name. */
  public TransferStep transfer(int mebibytes) {
    return new TransferStep(request, mebibytes);
  }

  /**
   * Sends messages at a fixed pace, as screen sharing does; each is a request of this name, whose
   * time is from end to end, or there and back where a peer echoes.
   *
   * @param bytes the size of a message, 8 at least
   * @param every the time from one to the next
   * @param during how long
   */
  public PacedMessagesStep messages(int bytes, Duration every, Duration during) {
    return new PacedMessagesStep(request, bytes, every, during);
  }
}
