package dev.rallypoint.loadtest.lab;

import dev.rallypoint.loadtest.ConnectFailure;
import dev.rallypoint.loadtest.Exchange;
import dev.rallypoint.loadtest.SessionPath;
import dev.rallypoint.protocol.proto.NatType;
import java.io.Serializable;
import java.net.InetSocketAddress;
import java.util.List;

/** What the process of a place answers to an {@link Order}. */
sealed interface Report extends Serializable {

  /** It is done. */
  record Done() implements Report {}

  /**
   * A peer is registered.
   *
   * @param id the id it has; another than it was given after a mismatch
   * @param publicKey in base64
   */
  record Registered(String id, String publicKey) implements Report {}

  /**
   * The NAT as the tests see it.
   *
   * @param type by TCP
   * @param firstPort that the main port saw
   * @param secondPort that the NAT test port saw
   * @param udpPort that the main port saw of a UDP socket, 0 for no answer
   */
  record NatTested(NatType type, int firstPort, int secondPort, int udpPort) implements Report {}

  /**
   * The answer to an online query.
   *
   * @param bytes of the bitmap
   * @param online the ids whose bit is set
   */
  record OnlineSeen(int bytes, List<String> online) implements Report {}

  /**
   * A session came about and bytes were exchanged.
   *
   * @param path how
   * @param remote the other end of the socket
   * @param secured whether the peers encrypted
   * @param askedInSecret whether the request was encrypted
   * @param isUdp the answer's is_udp
   * @param exchange what arrived
   */
  record Connected(
      SessionPath path,
      InetSocketAddress remote,
      boolean secured,
      boolean askedInSecret,
      boolean isUdp,
      Exchange exchange)
      implements Report {}

  /** No session came about. */
  record Refused(ConnectFailure.Reason reason, String text) implements Report {}

  /** A session that others opened. */
  record SessionSeen(SessionPath path, InetSocketAddress remote, boolean secured)
      implements Report {}

  /** A door is open at a local port. */
  record DoorOpened(int port) implements Report {}

  /** Whether a connect succeeded, and what was seen. */
  record Knocked(boolean open, String how) implements Report {}

  /** The order could not be carried out. */
  record Failed(String text) implements Report {}
}
