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
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

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
  private static final int WRITES_PER_SECOND = 50;
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
    Queue<SocketChannel> writers = new ConcurrentLinkedQueue<>();
    AtomicInteger opened = new AtomicInteger();
    try (RawConnections connections = RawConnections.start(context)) {
      if (isWritten) {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        context
            .threads()
            .execute(() ->
                context.repeat(
                    WRITES_PER_SECOND,
                    () -> {
                      writers.forEach(writer -> connections.send(writer, chunk.duplicate()));
                      writers.removeIf(writer -> !writer.isOpen());
                    }));
      }
      context.repeat(
          PER_SECOND,
          () -> {
            if (opened.get() < most) {
              opened.incrementAndGet();
              open(context, connections, writers);
            }
          });
      context.note(
          "%d sessions begun, %d legs open at the end"
              .formatted(opened.get(), connections.count()));
    }
  }

  private void open(
      AttackContext context, RawConnections connections, Queue<SocketChannel> writers) {
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
