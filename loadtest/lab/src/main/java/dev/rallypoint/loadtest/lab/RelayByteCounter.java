package dev.rallypoint.loadtest.lab;

import dev.rallypoint.loadtest.environment.NodeProcess;

/** The nftables counter of the bytes to and from the relay port of a server. */
final class RelayByteCounter {
  /** The name of the counter. */
  static final String COUNTER = "relayed";

  private RelayByteCounter() {}

  /** The rules that count. */
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
