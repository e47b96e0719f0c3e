package dev.rallypoint.loadtest.gatling.scripted;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands in front of a server on the port of the ID server, UDP and TCP, and drops or delays what
 * the server says. What clients say passes as it is.
 */
public final class FaultyPath implements AutoCloseable {
  private static final int DATAGRAM = 2048;
  private static final int CHUNK = 8192;

  private final InetSocketAddress server;
  private final int droppedOf;
  private final long delayMillis;
  private final ServerSocket tcp;
  private final DatagramSocket udp;
  private final AtomicLong answers = new AtomicLong();
  private final Map<SocketAddress, DatagramSocket> clients = new ConcurrentHashMap<>();
  private final List<Socket> connections = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();

  /**
   * A path to a server of this machine.
   *
   * @param port the port of its ID server
   * @param droppedOf of so many datagrams of the server one is lost; 0 for none
   * @param delayMillis each answer is so much later
   */
  public FaultyPath(int port, int droppedOf, long delayMillis) throws IOException {
    this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.droppedOf = droppedOf;
    this.delayMillis = delayMillis;
    this.tcp = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
    this.udp = new DatagramSocket(tcp.getLocalPort(), InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().start(this::fromClients);
    Thread.ofPlatform().daemon().start(this::accept);
  }

  /** The port that clients are told. */
  public int port() {
    return tcp.getLocalPort();
  }

  private void fromClients() {
    byte[] buffer = new byte[DATAGRAM];
    while (!udp.isClosed()) {
      try {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        udp.receive(packet);
        DatagramSocket toServer =
            clients.computeIfAbsent(packet.getSocketAddress(), this::clientSide);
        toServer.send(new DatagramPacket(buffer, packet.getLength(), server));
      } catch (IOException e) {
        // closed, or nothing listens at the server's port
      }
    }
  }

  private DatagramSocket clientSide(SocketAddress client) {
    try {
      DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
      Thread.ofVirtual().start(() -> fromServer(socket, client));
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void fromServer(DatagramSocket socket, SocketAddress client) {
    byte[] buffer = new byte[DATAGRAM];
    while (!socket.isClosed()) {
      try {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        if (droppedOf > 0 && answers.incrementAndGet() % droppedOf == 0) {
          continue;
        }
        byte[] bytes = Arrays.copyOf(buffer, packet.getLength());
        later(() -> udp.send(new DatagramPacket(bytes, bytes.length, client)));
      } catch (IOException e) {
        // closed
      }
    }
  }

  private interface Delivery {
    void run() throws IOException;
  }

  private void later(Delivery delivery) throws IOException {
    if (delayMillis == 0) {
      delivery.run();
      return;
    }
    later.schedule(
        () -> {
          delivery.run();
          return null;
        },
        delayMillis,
        TimeUnit.MILLISECONDS);
  }

  private void accept() {
    while (!tcp.isClosed()) {
      try {
        Socket client = tcp.accept();
        Socket toServer = new Socket(server.getAddress(), server.getPort());
        connections.addAll(List.of(client, toServer));
        Thread.ofVirtual().start(() -> copy(client, toServer, false));
        Thread.ofVirtual().start(() -> copy(toServer, client, true));
      } catch (IOException e) {
        // closed
      }
    }
  }

  private void copy(Socket from, Socket to, boolean isAnswer) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[CHUNK];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        byte[] bytes = Arrays.copyOf(buffer, count);
        if (isAnswer) {
          later(() -> out.write(bytes));
        } else {
          out.write(bytes);
        }
      }
    } catch (IOException e) {
      // one of the two is done
    }
  }

  @Override
  public void close() throws IOException {
    later.shutdownNow();
    udp.close();
    tcp.close();
    clients.values().forEach(DatagramSocket::close);
    for (Socket connection : connections) {
      connection.close();
    }
  }
}
