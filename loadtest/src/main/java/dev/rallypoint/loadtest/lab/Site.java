package dev.rallypoint.loadtest.lab;

import dev.rallypoint.loadtest.machine.Namespaces;
import java.util.List;

/** What the peers of a stage talk to: one server or several, and the network in front of them. */
interface Site extends AutoCloseable {
  Namespaces namespaces();

  /** Builds the network with all homes, and starts the servers without waiting for them. */
  void open();

  /** The servers' public key; waits until they are ready. */
  String key();

  /** Stops all servers by SIGTERM and starts them again on the same data. Gives exit codes. */
  List<Integer> restart();

  /** The address that clients have written down as their server. */
  String address();

  /** The host that a target registers at. */
  String home();

  /** Whether an address that a client sees as its relay is one. */
  boolean isRelay(String host);

  /** Bytes of packets between clients and relay ports so far, both directions together. */
  long relayedBytes();

  /** Ends the servers at once; the network stays. */
  void endServers();

  /** Ends the servers, then removes the network. */
  @Override
  void close();
}
