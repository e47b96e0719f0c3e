package dev.rallypoint.loadtest.peer.transport;

import java.io.EOFException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A peer connection through a punched UDP hole. First both sides send empty datagrams, every 20 to
 * 200 ms, until one arrives. Then each payload is sent in a numbered datagram that is repeated
 * until it is acknowledged. The real client uses KCP instead; no server sees either.
 *
 * <pre>
 *   (empty)              punches the hole
 *   1 number(4) bytes    payload
 *   2 number(4)          acknowledgement
 *   3 0(4)               end
 * </pre>
 */
public final class UdpPeerConnection implements PeerConnection {
  private static final byte PAYLOAD = 1;
  private static final byte ACKNOWLEDGEMENT = 2;
  private static final byte END = 3;
  private static final int HEADER = 5;
  private static final int MAX_DATAGRAM = 2048;
  private static final Duration FIRST_GAP = Duration.ofMillis(20);
  private static final Duration MAX_GAP = Duration.ofMillis(200);
  private static final Duration RESEND_AFTER = Duration.ofMillis(50);
  private static final byte[] END_OF_STREAM = new byte[0];

  private final DatagramSocket socket;
  private final Duration timeout;
  private final BlockingQueue<byte[]> arrived = new LinkedBlockingQueue<>();
  private final BlockingQueue<Integer> acknowledged = new LinkedBlockingQueue<>();
  private final InetSocketAddress expected;
  private volatile InetSocketAddress remote;
  private int sent;

  private UdpPeerConnection(DatagramSocket socket, InetSocketAddress peer, Duration timeout) {
    this.socket = socket;
    this.expected = peer;
    this.remote = peer;
    this.timeout = timeout;
  }

  /**
   * Punches a hole towards a peer and waits for its first datagram.
   *
   * @param timeout also bounds how long a payload is repeated
   * @throws SocketTimeoutException when no datagram came in time; the socket is then closed
   */
  public static UdpPeerConnection punch(
      DatagramSocket socket, InetSocketAddress peer, Duration timeout) throws IOException {
    UdpPeerConnection connection = new UdpPeerConnection(socket, peer, timeout);
    try {
      byte[] first = connection.awaitFirst();
      Thread.ofVirtual().name("udp-peer-connection").start(() -> connection.read(first));
      return connection;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private byte[] awaitFirst() throws IOException {
    long deadline = System.nanoTime() + timeout.toNanos();
    Duration gap = FIRST_GAP;
    while (System.nanoTime() - deadline < 0) {
      send(remote, new byte[0]);
      socket.setSoTimeout((int) gap.toMillis());
      try {
        return receiveFromPeer();
      } catch (SocketTimeoutException e) {
        gap = gap.multipliedBy(3).dividedBy(2);
        gap = gap.compareTo(MAX_GAP) > 0 ? MAX_GAP : gap;
      }
    }
    throw new SocketTimeoutException("no datagram from " + remote);
  }

  /** Datagrams from other hosts than that of the peer are ignored. */
  private byte[] receiveFromPeer() throws IOException {
    InetAddress host = expected.getAddress();
    while (true) {
      DatagramPacket packet = new DatagramPacket(new byte[MAX_DATAGRAM], MAX_DATAGRAM);
      socket.receive(packet);
      if (packet.getAddress().equals(host)) {
        remote = (InetSocketAddress) packet.getSocketAddress();
        return Arrays.copyOf(packet.getData(), packet.getLength());
      }
    }
  }

  private void read(byte[] first) {
    try {
      // The peer may not have received any datagram yet: answer its first one.
      send(remote, new byte[0]);
      socket.setSoTimeout(0);
      int next = 1;
      byte[] datagram = first;
      while (true) {
        if (datagram.length >= HEADER) {
          int number = ByteBuffer.wrap(datagram, 1, 4).getInt();
          switch (datagram[0]) {
            case PAYLOAD -> {
              if (number == next) {
                arrived.add(Arrays.copyOfRange(datagram, HEADER, datagram.length));
                next++;
              }
              if (number < next) {
                send(remote, numbered(ACKNOWLEDGEMENT, number, END_OF_STREAM));
              }
            }
            case ACKNOWLEDGEMENT -> acknowledged.add(number);
            default -> {
              socket.close();
            }
          }
        }
        datagram = receiveFromPeer();
      }
    } catch (IOException closed) {
      arrived.add(END_OF_STREAM);
    }
  }

  @Override
  public void send(byte[] payload) throws IOException {
    int number = ++sent;
    byte[] datagram = numbered(PAYLOAD, number, payload);
    long deadline = System.nanoTime() + timeout.toNanos();
    while (System.nanoTime() - deadline < 0) {
      send(remote, datagram);
      if (isAcknowledged(number)) {
        return;
      }
    }
    throw new SocketTimeoutException("datagram " + number + " was not acknowledged");
  }

  private boolean isAcknowledged(int number) throws IOException {
    long until = System.nanoTime() + RESEND_AFTER.toNanos();
    try {
      Integer known = acknowledged.poll(RESEND_AFTER.toNanos(), TimeUnit.NANOSECONDS);
      while (known != null) {
        if (known == number) {
          return true;
        }
        known = acknowledged.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
      }
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public byte[] receive(Duration timeout) throws IOException {
    try {
      Duration wait = timeout.isZero() ? Duration.ofDays(1) : timeout;
      byte[] payload = arrived.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
      if (payload == null) {
        throw new SocketTimeoutException("no datagram in time");
      }
      if (payload == END_OF_STREAM) {
        arrived.add(END_OF_STREAM);
        throw new EOFException("closed by the other side");
      }
      return payload;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public int bulkPayload() {
    return 1000;
  }

  @Override
  public InetSocketAddress remote() {
    return remote;
  }

  @Override
  public void close() {
    try {
      if (!socket.isClosed()) {
        send(remote, numbered(END, 0, END_OF_STREAM));
      }
    } catch (IOException e) {
      // The other side then ends by its own timeout.
    }
    socket.close();
  }

  private void send(InetSocketAddress to, byte[] datagram) throws IOException {
    socket.send(new DatagramPacket(datagram, datagram.length, to));
  }

  private static byte[] numbered(byte kind, int number, byte[] payload) {
    return ByteBuffer.allocate(HEADER + payload.length)
        .put(kind)
        .putInt(number)
        .put(payload)
        .array();
  }
}
