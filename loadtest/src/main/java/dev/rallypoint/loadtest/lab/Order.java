package dev.rallypoint.loadtest.lab;

import java.io.Serializable;
import java.net.InetSocketAddress;
import java.util.List;

/** What the lab tells the process of a place to do; each is answered by one {@link Report}. */
sealed interface Order extends Serializable {

  /** Start a peer; it is known by its id from then on. */
  record StartPeer(PeerSpec spec) implements Order {}

  /** End a peer without a word to the server. */
  record StopPeer(String id) implements Order {}

  /** Wait until a peer's registration is acknowledged. */
  record AwaitRegistered(String id) implements Order {}

  /** Test the NAT over TCP and over UDP. */
  record TestNat(String id) implements Order {}

  /** Ask which ids are online. */
  record QueryOnline(String id, List<String> ids) implements Order {}

  /** Connect to another peer and exchange random bytes, as many in each direction. */
  record Connect(String id, String target, long bytes) implements Order {}

  /** Ask for a relay at once. */
  record ConnectByRelay(String id, String target, String relay) implements Order {}

  /** Tell of the next session that others opened to a peer. */
  record AwaitSession(String id) implements Order {}

  /** Connect to the server and listen on that very port: mapped, but with no hole punched. */
  record OpenDoor(InetSocketAddress server) implements Order {}

  /** Try to connect, without any punching. */
  record Knock(InetSocketAddress door) implements Order {}
}
