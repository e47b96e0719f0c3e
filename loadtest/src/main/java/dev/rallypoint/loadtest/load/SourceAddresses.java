package dev.rallypoint.loadtest.load;

import dev.rallypoint.loadtest.peer.transport.TcpFrameConnection;
import java.io.IOException;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The source IP addresses of simulated clients, all in 198.18.0.0/15. Registered peers use
 * 198.18.0.0/16; the other loads use parts of 198.19.0.0/16.
 *
 * @param peersPerAddress how many registered peers share an address, as behind the NAT of an office
 */
public record SourceAddresses(int peersPerAddress) implements Serializable {
  /** Each peer has an address of its own. */
  public static final SourceAddresses ONE_PER_PEER = new SourceAddresses(1);

  private static final int CONNECT_MILLIS = 3_000;
  private static final int REGISTERED_PEERS = (198 << 24) | (18 << 16);
  private static final int REGISTERED_PEERS_SIZE = 65_000;
  private static final int REQUESTERS = (198 << 24) | (19 << 16);
  private static final int REQUESTERS_SIZE = 60_000;
  private static final int RELAY_LEGS = REQUESTERS + (240 << 8);
  private static final int RELAY_LEGS_SIZE = 4_000;

  /** The first address of the devices with conflicting registrations. */
  static final int CONFLICTING_DEVICES = REQUESTERS + (250 << 8);

  /** The address with these 32 bits. */
  static InetAddress address(int bits) {
    try {
      return InetAddress.getByAddress(ByteBuffer.allocate(4).putInt(bits).array());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  /** A random address for a requester. */
  static InetAddress ofRequester() {
    return address(REQUESTERS + ThreadLocalRandom.current().nextInt(1, REQUESTERS_SIZE));
  }

  /** A random address for a leg of a relayed session. */
  static InetAddress ofRelayLeg() {
    return address(RELAY_LEGS + ThreadLocalRandom.current().nextInt(1, RELAY_LEGS_SIZE));
  }

  /** Opens a TCP connection from a source address. */
  static TcpFrameConnection connect(InetAddress from, InetSocketAddress to) throws IOException {
    Socket socket = new Socket();
    try {
      socket.bind(new InetSocketAddress(from, 0));
      socket.setTcpNoDelay(true);
      socket.connect(to, CONNECT_MILLIS);
      return new TcpFrameConnection(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** The bits of the first address of the registered peer with this id. */
  int first(int id) {
    return REGISTERED_PEERS + id / peersPerAddress % REGISTERED_PEERS_SIZE;
  }

  /** The bits of the address that the peer has after a change; no peer has it before. */
  int second(int id) {
    return REGISTERED_PEERS
        + (id / peersPerAddress + REGISTERED_PEERS_SIZE / 2) % REGISTERED_PEERS_SIZE;
  }
}
