package dev.rallypoint.loadtest.lab;

import dev.rallypoint.loadtest.environment.NetworkNamespaces;
import java.util.List;

/** The servers under test, one or several, and the network between them and the clients. */
interface Deployment extends AutoCloseable {
  /** The namespaces of the network. */
  NetworkNamespaces namespaces();

  /** Builds the network of servers and clients, and starts the servers without waiting for them. */
  void open();

  /** Waits until the servers are ready and returns their public key. */
  String awaitKey();

  /** Stops all servers by SIGTERM, starts them again with the same data, returns the exit codes. */
  List<Integer> restart();

  /** The address of the server in the settings of the clients. */
  String address();

  /** The address at which targets register. */
  String registrationAddress();

  /** Whether this is the address of a relay. */
  boolean isRelay(String host);

  /** The bytes between clients and relay ports so far, both directions added. */
  long relayedBytes();

  /** Kills the servers; the network stays. */
  void killServers();

  /** Kills the servers, then removes the network. */
  @Override
  void close();
}
