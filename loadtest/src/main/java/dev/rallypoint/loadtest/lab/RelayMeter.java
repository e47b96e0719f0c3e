package dev.rallypoint.loadtest.lab;

import dev.rallypoint.loadtest.machine.NodeProcess;

/** Counts, at a server, the bytes to and from its relay port. */
final class RelayMeter {
  /** The counter's name. */
  static final String COUNTER = "relayed";

  private RelayMeter() {}

  static String rules() {
    return """
    table ip lab {
      counter relayed { }
      chain incoming {
        type filter hook input priority filter; policy accept;
        tcp dport %1$d counter name relayed
      }
      chain outgoing {
        type filter hook output priority filter; policy accept;
        tcp sport %1$d counter name relayed
      }
    }
    """
        .formatted(NodeProcess.RELAY_PORT);
  }
}
