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
 * The source IP addresses of simulated clients, all in one /15: 198.18.0.0/15 in a network
 * namespace, 127.18.0.0/15 on the loopback interface. Registered peers use its lower half; the
 * other loads use parts of the upper half.
 *
 * @param network the bits of the first address of the /15
 * @param peersPerAddress how many registered peers share an address, as behind the NAT of an office
 */
public record SourceAddresses(int network, int peersPerAddress) implements Serializable {
  private static final int HALF = 1 << 16;
  private static final int IN_NAMESPACE = (198 << 24) | (18 << 16);
  private static final int ON_LOOPBACK = (127 << 24) | (18 << 16);

  /** Each peer has an address of its own. */
  public static final SourceAddresses ONE_PER_PEER = new SourceAddresses(1);

  private static final int UNBINDABLE = (127 << 24) | 255;
  private static final int CONNECT_MILLIS = 3_000;
  private static final int REGISTERED_PEERS_SIZE = 65_000;
  private static final int REQUESTERS_SIZE = 60_000;
  private static final int RELAY_LEGS = HALF + (240 << 8);
  private static final int RELAY_LEGS_SIZE = 4_000;

  /** The first address of the devices with conflicting registrations. */
  static final int CONFLICTING_DEVICES = IN_NAMESPACE + HALF + (250 << 8);

  /** Addresses in 198.18.0.0/15. */
  public SourceAddresses(int peersPerAddress) {
    this(IN_NAMESPACE, peersPerAddress);
  }

  /** Addresses of the loopback interface, in 127.18.0.0/15. */
  public static SourceAddresses onLoopback(int peersPerAddress) {
    return new SourceAddresses(ON_LOOPBACK, peersPerAddress);
  }

  /**
   * The address with these 32 bits. Java does not bind 127.x.y.255: 127.(x + 128).y.254 stands for
   * it.
   */
  public static InetAddress address(int bits) {
    int bindable = (bits & UNBINDABLE) == UNBINDABLE ? (bits | 0x00800000) - 1 : bits;
    try {
      return InetAddress.getByAddress(ByteBuffer.allocate(4).putInt(bindable).array());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  /** A random address for a requester. */
  InetAddress ofRequester() {
    return address(network + HALF + ThreadLocalRandom.current().nextInt(1, REQUESTERS_SIZE));
  }

  /** A random address for a leg of a relayed session. */
  InetAddress ofRelayLeg() {
    return address(network + RELAY_LEGS + ThreadLocalRandom.current().nextInt(1, RELAY_LEGS_SIZE));
  }

  /** Opens a TCP connection from a source address. */
  public static TcpFrameConnection connect(InetAddress from, InetSocketAddress to)
      throws IOException {
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
    return network + id / peersPerAddress % REGISTERED_PEERS_SIZE;
  }

  /** The bits of the address that the peer has after a change; no peer has it before. */
  int second(int id) {
    return network + (id / peersPerAddress + REGISTERED_PEERS_SIZE / 2) % REGISTERED_PEERS_SIZE;
  }
}
