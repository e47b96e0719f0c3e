package dev.rallypoint.loadtest.attacks.harness;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rallypoint.loadtest.environment.EnvironmentException;
import dev.rallypoint.loadtest.load.SourceAddresses;
import dev.rallypoint.loadtest.peer.settings.Device;
import dev.rallypoint.loadtest.peer.transport.TcpFrameConnection;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A device with one UDP socket that sends what an attack tells it, and hands on what it gets. */
public final class ScriptedPeer implements AutoCloseable {
  private static final int MAX_DATAGRAM = 64 << 10;
  private static final int RECEIVE_BUFFER = 8 << 20;
  private static final Duration ANSWER = Duration.ofSeconds(3);
  private static final int TRIES = 5;

  private final AttackContext context;
  private final String id;
  private final Device device;
  private final DatagramSocket socket;
  private final Consumer<Received> onPush;
  private final BlockingQueue<Result> results = new LinkedBlockingQueue<>();

  /**
   * A push.
   *
   * @param message the message
   * @param bytes the size of its datagram
   */
  public record Received(RendezvousMessage message, int bytes) {}

  /**
   * Opens the socket.
   *
   * @param onPush is called with what is no answer to a registration, on one thread
   */
  public ScriptedPeer(
      AttackContext context, String id, InetAddress address, Consumer<Received> onPush)
      throws IOException {
    this.context = context;
    this.id = id;
    this.device = Device.create(new SplittableRandom(id.hashCode()));
    this.onPush = onPush;
    this.socket = new DatagramSocket(new InetSocketAddress(address, 0));
    socket.setReceiveBufferSize(RECEIVE_BUFFER);
    context.threads().execute(this::receive);
  }

  private void receive() {
    DatagramPacket packet = new DatagramPacket(new byte[MAX_DATAGRAM], MAX_DATAGRAM);
    while (!socket.isClosed()) {
      try {
        packet.setLength(MAX_DATAGRAM);
        socket.receive(packet);
        onDatagram(
            RendezvousMessage.parseFrom(ByteBuffer.wrap(packet.getData(), 0, packet.getLength())),
            packet.getLength());
      } catch (InvalidProtocolBufferException e) {
        // No message: nothing that a client acts on.
      } catch (IOException e) {
        // Closed, or port unreachable because the node has ended.
      }
    }
  }

  private void onDatagram(RendezvousMessage message, int bytes) {
    switch (message.getUnionCase()) {
      case REGISTER_PK_RESPONSE -> results.add(message.getRegisterPkResponse().getResult());
      case REGISTER_PEER_RESPONSE -> {
        if (message.getRegisterPeerResponse().getRequestPk()) {
          send(Messages.registerPk(id, device));
        }
      }
      default -> onPush.accept(new Received(message, bytes));
    }
  }

  /** Registers and waits until that is acknowledged. */
  public ScriptedPeer register() {
    for (int i = 0; i < TRIES; i++) {
      if (sendKey() == Result.OK) {
        return this;
      }
    }
    throw new EnvironmentException("the victim " + id + " could not register");
  }

  /** Sends RegisterPk; returns the result, or null without an answer. */
  public @Nullable Result sendKey() {
    results.clear();
    send(Messages.registerPk(id, device));
    try {
      return results.poll(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  /** Sends a heartbeat. */
  public void beat() {
    send(Messages.registerPeer(id));
  }

  /** Sends heartbeats until the attack is over. */
  public ScriptedPeer beatEvery(Duration interval) {
    context
        .threads()
        .execute(() -> {
          while (!context.isOver() && !socket.isClosed()) {
            beat();
            context.pause(interval);
          }
        });
    return this;
  }

  /** Sends a message to the ID server. */
  public void send(RendezvousMessage message) {
    byte[] bytes = message.toByteArray();
    try {
      socket.send(new DatagramPacket(bytes, bytes.length, context.node().idServer()));
    } catch (IOException e) {
      // As a lost datagram.
    }
  }

  /** Sends a message over a new TCP connection, as a client answers a push. */
  public void sendByTcp(RendezvousMessage message) {
    try (TcpFrameConnection connection =
        SourceAddresses.connect(address(), context.node().idServer())) {
      connection.send(message.toByteArray());
    } catch (IOException e) {
      // As a lost answer.
    }
  }

  /** The id. */
  public String id() {
    return id;
  }

  /** Its identity. */
  public Device device() {
    return device;
  }

  /** Its source address. */
  public InetAddress address() {
    return socket.getLocalAddress();
  }

  @Override
  public void close() {
    socket.close();
  }
}
