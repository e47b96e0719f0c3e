package dev.rallypoint.loadtest;

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
 * 200 ms, until one arrives. Then numbered datagrams flow, each repeated until it is acknowledged:
 * the place of the client's KCP, of which no server sees anything.
 *
 * <pre>
 *   (empty)              punch
 *   1 number(4) bytes    payload
 *   2 number(4)          acknowledgement
 *   3 0(4)               end
 * </pre>
 */
final class DatagramPipe implements PeerPipe {
  private static final byte PAYLOAD = 1;
  private static final byte ACKNOWLEDGEMENT = 2;
  private static final byte END = 3;
  private static final int HEADER = 5;
  private static final int MAX_DATAGRAM = 2048;
  private static final Duration FIRST_GAP = Duration.ofMillis(20);
  private static final Duration LONGEST_GAP = Duration.ofMillis(200);
  private static final Duration RESEND = Duration.ofMillis(50);
  private static final byte[] NO_MORE = new byte[0];

  private final DatagramSocket socket;
  private final Duration patience;
  private final BlockingQueue<byte[]> arrived = new LinkedBlockingQueue<>();
  private final BlockingQueue<Integer> acknowledged = new LinkedBlockingQueue<>();
  private final InetSocketAddress expected;
  private volatile InetSocketAddress remote;
  private int sent;

  private DatagramPipe(DatagramSocket socket, InetSocketAddress peer, Duration patience) {
    this.socket = socket;
    this.expected = peer;
    this.remote = peer;
    this.patience = patience;
  }

  /**
   * Punches towards a peer and waits for its first datagram.
   *
   * @throws SocketTimeoutException when none came in time; the socket is then closed
   */
  static DatagramPipe punch(DatagramSocket socket, InetSocketAddress peer, Duration patience)
      throws IOException {
    DatagramPipe pipe = new DatagramPipe(socket, peer, patience);
    try {
      byte[] first = pipe.awaitFirst();
      Thread.ofVirtual().name("datagram-pipe").start(() -> pipe.read(first));
      return pipe;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private byte[] awaitFirst() throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    Duration gap = FIRST_GAP;
    while (System.nanoTime() - deadline < 0) {
      send(remote, new byte[0]);
      socket.setSoTimeout((int) gap.toMillis());
      try {
        return receiveFromPeer();
      } catch (SocketTimeoutException e) {
        gap = gap.multipliedBy(3).dividedBy(2);
        gap = gap.compareTo(LONGEST_GAP) > 0 ? LONGEST_GAP : gap;
      }
    }
    throw new SocketTimeoutException("no datagram from " + remote);
  }

  /** Datagrams of anybody but the peer's host are passed over. */
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
      // The peer may not have heard us yet: answer its first datagram with one of ours.
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
                send(remote, numbered(ACKNOWLEDGEMENT, number, NO_MORE));
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
      arrived.add(NO_MORE);
    }
  }

  @Override
  public void send(byte[] payload) throws IOException {
    int number = ++sent;
    byte[] datagram = numbered(PAYLOAD, number, payload);
    long deadline = System.nanoTime() + patience.toNanos();
    while (System.nanoTime() - deadline < 0) {
      send(remote, datagram);
      if (isAcknowledged(number)) {
        return;
      }
    }
    throw new SocketTimeoutException("datagram " + number + " was never acknowledged");
  }

  private boolean isAcknowledged(int number) throws IOException {
    long until = System.nanoTime() + RESEND.toNanos();
    try {
      Integer known = acknowledged.poll(RESEND.toNanos(), TimeUnit.NANOSECONDS);
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
      if (payload == NO_MORE) {
        arrived.add(NO_MORE);
        throw new EOFException("ended by the other side");
      }
      return payload;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public int usualPayload() {
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
        send(remote, numbered(END, 0, NO_MORE));
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
