package dev.rallypoint.loadtest.gatling.capacity;

import java.util.Locale;

/** What a server is loaded with. */
enum Load {
  /** RegisterPeer of registered peers over UDP, up to the answer. */
  HEARTBEATS("beats/s", 1_000, 4_000_000),
  /** RegisterPk of new ids over UDP, each from a socket of its own. */
  REGISTRATIONS("ids/s", 100, 400_000),
  /**
   * PunchHoleRequest over a new TCP connection, the push to the target, its answer over another new
   * TCP connection, and the response.
   */
  PUNCHES("punches/s", 50, 200_000),
  /** Chunks of 64 KiB through relayed sessions, from one end to the other. */
  RELAY("MiB/s", 8, 64_000);

  /** Chunks of a relayed MiB. */
  static final int CHUNKS_A_MEBIBYTE = 16;

  private final String unit;
  private final long first;
  private final long most;

  Load(String unit, long first, long most) {
    this.unit = unit;
    this.first = first;
    this.most = most;
  }

  /** The unit of its rate. */
  String unit() {
    return unit;
  }

  /** The rate to begin with. */
  long first() {
    return first;
  }

  /** The highest rate to try. */
  long most() {
    return most;
  }

  /** The requests in a second at a rate in the unit. */
  long requests(long rate) {
    return this == RELAY ? rate * CHUNKS_A_MEBIBYTE : rate;
  }

  /** Whether a relay serves it, else an ID server. */
  boolean isOfRelay() {
    return this == RELAY;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
