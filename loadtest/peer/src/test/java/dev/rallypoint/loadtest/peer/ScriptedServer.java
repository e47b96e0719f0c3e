package dev.rallypoint.loadtest.peer;

import dev.rallypoint.loadtest.peer.transport.TcpFrameConnection;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A TCP server that runs a script for each connection and keeps the messages it received. */
final class ScriptedServer implements AutoCloseable {
  private static final Duration LONG = Duration.ofSeconds(10);

  private final ServerSocket listener;
  private final List<RendezvousMessage> received = new CopyOnWriteArrayList<>();

  private ScriptedServer(ServerSocket listener) {
    this.listener = listener;
  }

  /** What the server does with a connection, which is closed afterwards. */
  @FunctionalInterface
  interface Script {
    void run(Connection connection) throws Exception;
  }

  static ScriptedServer start(Script script) throws IOException {
    ScriptedServer server =
        new ScriptedServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    Thread.ofVirtual().start(() -> server.accept(script));
    return server;
  }

  private void accept(Script script) {
    try {
      while (true) {
        TcpFrameConnection socket = new TcpFrameConnection(listener.accept());
        Thread.ofVirtual().start(() -> run(script, socket));
      }
    } catch (IOException closed) {
      // The test has ended.
    }
  }

  private void run(Script script, TcpFrameConnection socket) {
    try (socket) {
      script.run(new Connection(socket));
    } catch (Exception e) {
      // The client has closed the connection; its messages are kept.
    }
  }

  /** One connection. */
  final class Connection {
    private final TcpFrameConnection socket;

    private Connection(TcpFrameConnection socket) {
      this.socket = socket;
    }

    RendezvousMessage receive() throws IOException {
      RendezvousMessage message = RendezvousMessage.parseFrom(socket.receive(LONG));
      received.add(message);
      return message;
    }

    byte[] receiveBytes() throws IOException {
      return socket.receive(LONG);
    }

    void send(RendezvousMessage message) throws IOException {
      socket.send(message.toByteArray());
    }

    void sendBytes(byte[] payload) throws IOException {
      socket.send(payload);
    }
  }

  int port() {
    return listener.getLocalPort();
  }

  List<RendezvousMessage> received() {
    return received;
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
