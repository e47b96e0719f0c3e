package dev.rallypoint.loadtest.benchmark;

import java.util.Arrays;
import java.util.Optional;

/** A kind of traffic to measure, a row of the benchmark. */
enum Workload {
  BULK_1("bulk-1", "1 session, both directions at full speed"),
  BULK_50("bulk-50", "50 sessions, both directions at full speed"),
  PACED("paced", "20 sessions x 10 MB/s in writes of 16 KiB"),
  PING("ping", "round trips of 64 bytes without other traffic"),
  PING_PACED("ping-paced", "round trips of 64 bytes during the paced traffic"),
  WS_TCP("ws-tcp", "round trips of 64 bytes between a WebSocket and TCP without other traffic"),
  WS_WS("ws-ws", "round trips of 64 bytes between two WebSockets without other traffic"),
  IDLE("idle", "sessions without traffic");

  private final String label;
  private final String description;

  Workload(String label, String description) {
    this.label = label;
    this.description = description;
  }

  /** The name on the command line and in the tables. */
  String label() {
    return label;
  }

  String description() {
    return description;
  }

  /** The workload with this label. */
  static Optional<Workload> of(String label) {
    return Arrays.stream(values()).filter(workload -> workload.label.equals(label)).findFirst();
  }
}
