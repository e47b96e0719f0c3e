package dev.rallypoint.loadtest.lab;

import java.io.Serializable;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * The commands to the process of a {@link ClientHost}; the reply to each is a {@link PeerReport}.
 */
sealed interface PeerCommand extends Serializable {

  /** Starts a peer. */
  record StartPeer(PeerSpec spec) implements PeerCommand {}

  /** Ends a peer without telling the server. */
  record StopPeer(String id) implements PeerCommand {}

  /** Waits until the registration of a peer is acknowledged. */
  record AwaitRegistered(String id) implements PeerCommand {}

  /** Runs the NAT test of a peer over TCP and over UDP. */
  record TestNat(String id) implements PeerCommand {}

  /** Asks which ids are online. */
  record QueryOnline(String id, List<String> ids) implements PeerCommand {}

  /** Connects to another peer and exchanges this many random bytes in each direction. */
  record Connect(String id, String target, long bytes) implements PeerCommand {}

  /** Connects to another peer over a relay, without a direct attempt. */
  record ConnectByRelay(String id, String target, String relay) implements PeerCommand {}

  /** Waits for the next session that another peer opens to a peer. */
  record AwaitSession(String id) implements PeerCommand {}

  /** Connects to the server and listens on the local port of the connection. */
  record OpenMappedPort(InetSocketAddress server) implements PeerCommand {}

  /** Tries to connect to an address without hole punching. */
  record TryConnect(InetSocketAddress address) implements PeerCommand {}
}
