package dev.rallypoint.loadtest.lab;

import dev.rallypoint.loadtest.peer.ConnectFailure;
import dev.rallypoint.loadtest.peer.session.ExchangeResult;
import dev.rallypoint.loadtest.peer.session.SessionPath;
import dev.rallypoint.protocol.proto.NatType;
import java.io.Serializable;
import java.net.InetSocketAddress;
import java.util.List;

/** The replies to {@link PeerCommand}. */
sealed interface PeerReport extends Serializable {

  /** The command was carried out. */
  record Done() implements PeerReport {}

  /**
   * A peer is registered.
   *
   * @param id its id; another one than in the command after UUID_MISMATCH
   * @param publicKey its key in base64
   */
  record Registered(String id, String publicKey) implements PeerReport {}

  /**
   * The results of the NAT tests.
   *
   * @param type the NAT type by the test over TCP
   * @param firstPort the source port as seen by the main port
   * @param secondPort the source port as seen by the NAT test port
   * @param udpPort the source port of a UDP socket as seen by the main port; 0 without an answer
   */
  record NatTested(NatType type, int firstPort, int secondPort, int udpPort)
      implements PeerReport {}

  /**
   * The answer to an online query.
   *
   * @param bytes the length of the bitmap
   * @param online the ids whose bit is set
   */
  record OnlineIds(int bytes, List<String> online) implements PeerReport {}

  /**
   * A session was opened and bytes were exchanged.
   *
   * @param path how the connection was made
   * @param remote the address of the other end
   * @param isEncrypted whether the session is encrypted
   * @param isRequestEncrypted whether the request to the server was encrypted
   * @param isUdp the field is_udp of the answer
   * @param exchange the result of the exchange
   */
  record Connected(
      SessionPath path,
      InetSocketAddress remote,
      boolean isEncrypted,
      boolean isRequestEncrypted,
      boolean isUdp,
      ExchangeResult exchange)
      implements PeerReport {}

  /** No session was opened. */
  record Refused(ConnectFailure.Reason reason, String text) implements PeerReport {}

  /** Another peer opened a session. */
  record SessionAccepted(SessionPath path, InetSocketAddress remote, boolean isEncrypted)
      implements PeerReport {}

  /** The local port that listens. */
  record MappedPortOpened(int port) implements PeerReport {}

  /** Whether the connect succeeded, and its error otherwise. */
  record ConnectTried(boolean connected, String text) implements PeerReport {}

  /** The command failed. */
  record Failed(String text) implements PeerReport {}
}
