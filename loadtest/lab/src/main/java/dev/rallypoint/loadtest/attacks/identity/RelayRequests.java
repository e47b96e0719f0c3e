package dev.rallypoint.loadtest.attacks.identity;

import dev.rallypoint.loadtest.attacks.harness.Attack;
import dev.rallypoint.loadtest.attacks.harness.AttackContext;
import dev.rallypoint.loadtest.attacks.harness.Messages;
import dev.rallypoint.loadtest.attacks.harness.ScriptedPeer;
import dev.rallypoint.loadtest.load.SourceAddresses;
import dev.rallypoint.loadtest.peer.transport.TcpFrameConnection;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * RequestRelay that names the stranger's own relay: from one who does not know the access key, and
 * from one who does and had a punch admitted before.
 */
public final class RelayRequests implements Attack {
  private static final String OF_NOBODY = "410000004";
  private static final String OF_A_CLIENT = "410000005";
  private static final String RELAY = "203.0.113.66:4444";
  private static final Duration BEAT = Duration.ofSeconds(3);
  private static final Duration BETWEEN = Duration.ofMillis(700);

  @Override
  public String name() {
    return "relay-request";
  }

  @Override
  public String description() {
    return "RequestRelay without the key, naming the stranger's own relay";
  }

  @Override
  public List<Integer> addresses() {
    return ONE_ADDRESS;
  }

  @Override
  public void run(AttackContext context) throws Exception {
    AtomicInteger reached = new AtomicInteger();
    AtomicInteger misled = new AtomicInteger();
    try (ScriptedPeer first =
            new ScriptedPeer(
                context,
                OF_NOBODY,
                context.victim(0),
                push -> count(context, push, reached, new AtomicInteger()));
        ScriptedPeer second =
            new ScriptedPeer(
                context,
                OF_A_CLIENT,
                context.victim(1),
                push -> count(context, push, new AtomicInteger(), misled))) {
      first.register().beatEvery(BEAT);
      second.register().beatEvery(BEAT);
      while (!context.isOver()) {
        InetAddress stranger = context.nextAddress();
        request(context, stranger, OF_NOBODY, false);
        request(context, context.nextRequester(), OF_A_CLIENT, true);
        context.pause(BETWEEN);
      }
    }
    context.check(
        "RequestRelay without an admitted punch does not reach the device",
        reached.get() == 0,
        reached + " reached it");
    context.check(
        "a device is not told the stranger's relay", misled.get() == 0, misled + " times");
  }

  private static void count(
      AttackContext context,
      ScriptedPeer.Received push,
      AtomicInteger reached,
      AtomicInteger misled) {
    context.onVictimReceived(push.bytes());
    if (push.message().hasRequestRelay()) {
      reached.incrementAndGet();
      if (push.message().getRequestRelay().getRelayServer().equals(RELAY)) {
        misled.incrementAndGet();
      }
    }
  }

  private static void request(
      AttackContext context, InetAddress from, String id, boolean punchesFirst) {
    try {
      if (punchesFirst) {
        try (TcpFrameConnection punch = SourceAddresses.connect(from, context.node().idServer())) {
          punch.send(Messages.punchHoleRequest(id, context.node().key()).toByteArray());
          context.pause(Duration.ofMillis(200));
        }
      }
      try (TcpFrameConnection relay = SourceAddresses.connect(from, context.node().idServer())) {
        relay.send(
            RendezvousMessage.newBuilder()
                .setRequestRelay(
                    RequestRelay.newBuilder()
                        .setId(id)
                        .setUuid(UUID.randomUUID().toString())
                        .setRelayServer(RELAY))
                .build()
                .toByteArray());
        context.onSent(1);
        context.pause(Duration.ofMillis(200));
      }
    } catch (IOException e) {
      // Refused: it does not reach the device.
    }
  }
}
