package dev.rallypoint.loadtest.gatling.simulation;

import dev.rallypoint.loadtest.gatling.figures.Limit;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** The simulations by name, each with the options that mean something to it and their defaults. */
enum Kind {
  REGISTRATION_STORM(
      RegistrationStorm.class,
      RegistrationStorm::limits,
      "Devices register at a fixed rate: key, first heartbeat, and stay.",
      "New ids above the limits new-ids-... of the node are served from memory at first and"
          + " counted as answered; a second run is of known ids.",
      options("--rate", "200", "--duration", "30s", "--p99", "500ms", "--first-id", "710000000")),
  STEADY_HEARTBEATS(
      SteadyHeartbeats.class,
      SteadyHeartbeats::limits,
      "Registered devices send heartbeats at their pace.",
      "The ordinary load of a server. Each device sends as many, so a lost one is seen.",
      options(
          "--peers",
          "1000",
          "--interval",
          "15s",
          "--ramp",
          "15s",
          "--duration",
          "60s",
          "--p99",
          "100ms",
          "--first-id",
          "720000000")),
  RETURN_AFTER_OUTAGE(
      ReturnAfterOutage.class,
      ReturnAfterOutage::limits,
      "All devices are silent for a while and come back together from new ports.",
      "--duration is the time after the return in which each sends one more heartbeat. For a cold"
          + " return restart the server during --outage; then allow some --loss for the tries that"
          + " came too early.",
      options(
          "--peers",
          "1000",
          "--ramp",
          "10s",
          "--outage",
          "40s",
          "--within",
          "10s",
          "--duration",
          "15s",
          "--p99",
          "500ms",
          "--first-id",
          "730000000")),
  PUNCH_REQUESTS(
      PunchRequests.class,
      PunchRequests::limits,
      "Registered devices are dialled: from PunchHoleRequest to the answer.",
      "With several targets half of the requests go to the node at which the device is registered"
          + " and half to another one; they have names of their own.",
      options(
          "--peers",
          "1000",
          "--rate",
          "100",
          "--interval",
          "15s",
          "--ramp",
          "10s",
          "--duration",
          "30s",
          "--p99",
          "100ms",
          "--first-id",
          "740000000")),
  RELAYED_SESSIONS(
      RelayedSessions.class,
      RelayedSessions::limits,
      "Relayed sessions at the pace of screen sharing, then at full speed.",
      "The relay's single-bandwidth and total-bandwidth bound the full speed: raise them on the"
          + " node to measure what the machine can do.",
      options(
          "--sessions",
          "20",
          "--frame",
          "8000",
          "--every",
          "33ms",
          "--ramp",
          "2s",
          "--duration",
          "30s",
          "--bulk",
          "10s",
          "--p99",
          "200ms")),
  WEB_SOCKET_ONLY(
      WebSocketOnly.class,
      WebSocketOnly::limits,
      "Clients that have nothing but WebSocket: registration, calls, relay.",
      "New ids on connections are refused above the limits new-ids-... of the node.",
      options(
          "--peers",
          "300",
          "--rate",
          "5",
          "--interval",
          "15s",
          "--ramp",
          "5s",
          "--frame",
          "8000",
          "--every",
          "33ms",
          "--duration",
          "30s",
          "--p99",
          "500ms",
          "--first-id",
          "750000000")),
  ONLINE_QUERIES(
      OnlineQueries.class,
      OnlineQueries::limits,
      "Address books ask which of their entries are online.",
      "An open address book asks every 6 s: 50 queries a second are 300 open address books.",
      options(
          "--peers",
          "500",
          "--rate",
          "50",
          "--entries",
          "500",
          "--interval",
          "15s",
          "--ramp",
          "10s",
          "--duration",
          "30s",
          "--p99",
          "200ms",
          "--first-id",
          "760000000")),
  MIXED_DAY(
      MixedDay.class,
      MixedDay::limits,
      "A working day in minutes: devices come, calls, relays, queries, all go.",
      "--duration is the day, --rate the calls a second at its peak.",
      options(
          "--peers",
          "1000",
          "--rate",
          "20",
          "--entries",
          "100",
          "--interval",
          "15s",
          "--frame",
          "8000",
          "--every",
          "33ms",
          "--duration",
          "5m",
          "--p99",
          "500ms",
          "--first-id",
          "770000000"));

  private final Class<? extends Simulation> simulation;
  private final Function<SimulationOptions, List<Limit>> limits;
  private final String header;
  private final String description;
  private final Map<String, String> defaults;

  Kind(
      Class<? extends Simulation> simulation,
      Function<SimulationOptions, List<Limit>> limits,
      String header,
      String description,
      Map<String, String> defaults) {
    this.simulation = simulation;
    this.limits = limits;
    this.header = header;
    this.description = description;
    this.defaults = defaults;
  }

  private static Map<String, String> options(String... namesAndValues) {
    Map<String, String> options = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      options.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return options;
  }

  Class<? extends Simulation> simulation() {
    return simulation;
  }

  List<Limit> limits(SimulationOptions options) {
    return limits.apply(options);
  }

  /** The name, such as SteadyHeartbeats. */
  String title() {
    return simulation.getSimpleName();
  }

  /** The name as commands are spelt, such as steady-heartbeats. */
  String alias() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  String header() {
    return header;
  }

  String description() {
    return description;
  }

  /** Gatling counts the time of a rate in whole seconds; a day has eight parts. */
  Duration leastDuration() {
    return Duration.ofSeconds(this == MIXED_DAY ? 8 : 1);
  }

  /** The options that only some simulations have, with their defaults here. */
  Map<String, String> defaults() {
    return defaults;
  }
}
