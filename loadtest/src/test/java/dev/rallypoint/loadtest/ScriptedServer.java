package dev.rallypoint.loadtest;

import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A port that plays one script with each connection and keeps what it was sent. */
final class ScriptedServer implements AutoCloseable {
  private static final Duration LONG = Duration.ofSeconds(10);

  private final ServerSocket door;
  private final List<RendezvousMessage> received = new CopyOnWriteArrayList<>();

  private ScriptedServer(ServerSocket door) {
    this.door = door;
  }

  /** What it does with a connection; the connection is closed behind it. */
  @FunctionalInterface
  interface Script {
    void play(Line line) throws Exception;
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
        FrameSocket socket = new FrameSocket(door.accept());
        Thread.ofVirtual().start(() -> play(script, socket));
      }
    } catch (IOException closed) {
      // The test has ended.
    }
  }

  private void play(Script script, FrameSocket socket) {
    try (socket) {
      script.play(new Line(socket));
    } catch (Exception e) {
      // The client has closed; what it sent is kept.
    }
  }

  /** One connection. */
  final class Line {
    private final FrameSocket socket;

    private Line(FrameSocket socket) {
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
    return door.getLocalPort();
  }

  List<RendezvousMessage> received() {
    return received;
  }

  @Override
  public void close() throws IOException {
    door.close();
  }
}
