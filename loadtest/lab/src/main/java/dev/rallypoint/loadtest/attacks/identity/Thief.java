package dev.rallypoint.loadtest.attacks.identity;

import dev.rallypoint.loadtest.attacks.harness.AttackContext;
import dev.rallypoint.loadtest.attacks.harness.Messages;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Sends heartbeats in the name of a device from another port behind its ip. */
final class Thief implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofMillis(370);

  private final AttackContext context;
  private final String id;
  private final DatagramSocket socket;
  private final AtomicInteger pushes = new AtomicInteger();

  private Thief(AttackContext context, String id, DatagramSocket socket) {
    this.context = context;
    this.id = id;
    this.socket = socket;
  }

  /** Begins. */
  static Thief start(AttackContext context, String id, InetAddress home) throws IOException {
    Thief thief = new Thief(context, id, new DatagramSocket(new InetSocketAddress(home, 0)));
    context.threads().execute(thief::receive);
    context.threads().execute(thief::steal);
    return thief;
  }

  private void steal() {
    byte[] heartbeat = Messages.registerPeer(id).toByteArray();
    while (!context.isOver()) {
      try {
        socket.send(new DatagramPacket(heartbeat, heartbeat.length, context.node().idServer()));
        context.onSent(1);
      } catch (IOException e) {
        return; // closed
      }
      context.pause(PERIOD);
    }
  }

  private void receive() {
    Datagrams.forEach(
        socket,
        message -> {
          if (Datagrams.isPush(message)) {
            pushes.incrementAndGet();
            context.onVictimReceived(message.getSerializedSize());
          }
        });
  }

  /** How many pushes it got. */
  int pushes() {
    return pushes.get();
  }

  @Override
  public void close() {
    socket.close();
  }
}
