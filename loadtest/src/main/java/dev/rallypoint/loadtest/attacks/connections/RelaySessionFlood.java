package dev.rallypoint.loadtest.attacks.connections;

import dev.rallypoint.loadtest.attacks.harness.Attack;
import dev.rallypoint.loadtest.attacks.harness.AttackContext;
import dev.rallypoint.loadtest.attacks.harness.Messages;
import dev.rallypoint.loadtest.attacks.harness.NodeSpec;
import dev.rallypoint.protocol.proto.ConnType;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Opens relayed sessions with itself and holds them.
 *
 * @param name the name of the attack
 * @param description what the sessions do
 * @param node how the node is started
 * @param kind the kind of session, which sets how long it may be idle
 * @param isWritten whether one side sends as much as the relay takes; the other side never reads
 * @param most how many sessions
 */
public record RelaySessionFlood(
    String name, String description, NodeSpec node, ConnType kind, boolean isWritten, int most)
    implements Attack {
  private static final int PER_SECOND = 250;
  private static final Duration TICK = Duration.ofMillis(20);
  private static final int CHUNK = 64 << 10;

  /** The attacks on the relay. */
  public static List<Attack> all() {
    return List.of(
        new RelaySessionFlood(
            "relay-unread",
            "relayed sessions of which one side writes and the other never reads; 64 MB of heap",
            NodeSpec.DEFAULT.withJavaOptions("-Xmx64m"),
            ConnType.DEFAULT_CONN,
            true,
            900),
        new RelaySessionFlood(
            "relay-places",
            "idle port forwards through the relay; 4,096 descriptors",
            NodeSpec.DEFAULT.withDescriptors(4_096),
            ConnType.PORT_FORWARD,
            false,
            1_200));
  }

  @Override
  public void run(AttackContext context) throws IOException {
    List<SocketChannel> writers = new ArrayList<>();
    try (RawConnections connections = RawConnections.start(context)) {
      long begun = System.nanoTime();
      int opened = 0;
      while (!context.isOver()) {
        long due = (long) ((System.nanoTime() - begun) / 1e9 * PER_SECOND);
        for (; opened < Math.min(due, most) && !context.isOver(); opened++) {
          open(context, connections, writers);
        }
        if (isWritten) {
          ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
          writers.forEach(writer -> connections.send(writer, chunk.duplicate()));
          writers.removeIf(writer -> !writer.isOpen());
        }
        context.pause(TICK);
      }
      context.note(
          "%d sessions begun, %d legs open at the end".formatted(opened, connections.count()));
    }
  }

  private void open(
      AttackContext context, RawConnections connections, List<SocketChannel> writers) {
    RequestRelay.Builder request =
        RequestRelay.newBuilder()
            .setUuid(UUID.randomUUID().toString())
            .setLicenceKey(context.node().key());
    byte[] ofTarget = frame(request);
    byte[] ofRequester = frame(request.setId("499999999").setConnType(kind));
    connections.open(context.node().relay(), ofTarget, !isWritten);
    connections.open(context.node().relay(), ofRequester, true).ifPresent(writers::add);
  }

  private static byte[] frame(RequestRelay.Builder request) {
    return Messages.frame(RendezvousMessage.newBuilder().setRequestRelay(request).build());
  }
}
