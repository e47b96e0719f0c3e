package dev.rallypoint.app.doctor;

import dev.rallypoint.protocol.address.PeerAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** What is found of the relay that the server names. */
public final class RelayVerdicts {
  private static final double SLOW_MEGABITS = 2;

  private RelayVerdicts() {}

  /**
   * The name and the port.
   *
   * @param name as the server says it, with the port
   * @param address what it resolves to, or empty when it does not
   * @param server the address of the ID server
   * @param contact how the port answered
   */
  public static Finding port(
      String name, Optional<PeerAddress> address, PeerAddress server, Contact contact) {
    return new Finding(
        Check.RELAY,
        address
            .map(relay -> verdict(relay, server, contact))
            .orElse(ClientVerdict.RELAY_NAME_UNKNOWN),
        name
            + address
                .map(relay -> " (" + relay.ip() + "): " + contact.words())
                .orElse(": the name has no address"));
  }

  private static ClientVerdict verdict(PeerAddress relay, PeerAddress server, Contact contact) {
    if (contact == Contact.ANSWERED) {
      return ClientVerdict.RELAY_ANSWERS;
    }
    boolean isElsewhere = PrivateNetworks.contain(relay) && !PrivateNetworks.contain(server);
    if (isElsewhere || relay.isLoopback() && !server.isLoopback()) {
      return ClientVerdict.RELAY_NAME_PRIVATE;
    }
    return contact == Contact.REFUSED ? ClientVerdict.RELAY_REFUSED : ClientVerdict.RELAY_DROPPED;
  }

  /** A session through it that was not tried. */
  public static Finding notTried() {
    return new Finding(
        Check.RELAY_ROUND_TRIP, ClientVerdict.RELAY_NOT_TRIED, "no relay to go through");
  }

  /** A session through it that failed; a relay closes what it refuses. */
  public static Finding failed(Contact contact, boolean isKeyGiven) {
    boolean isClosed = contact == Contact.CLOSED;
    return new Finding(
        Check.RELAY_ROUND_TRIP,
        isClosed ? refused(isKeyGiven) : ClientVerdict.RELAY_STALLED,
        isClosed ? "the relay closes both sides" : contact.words());
  }

  /** What it means that a relay closes a session. */
  static ClientVerdict refused(boolean isKeyGiven) {
    return isKeyGiven ? ClientVerdict.RELAY_KEY_REFUSED : ClientVerdict.RELAY_WANTS_KEY;
  }

  /**
   * A session through it.
   *
   * @param roundTrip the median of some round trips from one side to the other and back
   * @param bytes how many were sent one way
   * @param time how long these took
   */
  public static Finding passed(Duration roundTrip, long bytes, Duration time) {
    double megabits = bytes * 8 / 1e6 / Math.max(time.toNanos() / 1e9, 1e-6);
    return new Finding(
        Check.RELAY_ROUND_TRIP,
        megabits < SLOW_MEGABITS ? ClientVerdict.RELAY_SLOW : ClientVerdict.RELAYED,
        String.format(
            Locale.ROOT,
            "round trip %.1f ms, %.0f Mb/s one way",
            roundTrip.toNanos() / 1e6,
            megabits));
  }
}
