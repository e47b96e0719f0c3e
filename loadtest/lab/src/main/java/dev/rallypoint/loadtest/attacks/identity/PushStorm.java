package dev.rallypoint.loadtest.attacks.identity;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.rallypoint.loadtest.attacks.harness.Attack;
import dev.rallypoint.loadtest.attacks.harness.AttackContext;
import dev.rallypoint.loadtest.attacks.harness.Finding;
import dev.rallypoint.loadtest.attacks.harness.Messages;
import dev.rallypoint.loadtest.attacks.harness.RunFigures;
import dev.rallypoint.loadtest.attacks.harness.ScriptedPeer;
import dev.rallypoint.loadtest.peer.transport.TcpFrameConnection;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Requests that make the server send to B, over and over, from one or many connections. */
public final class PushStorm implements Attack {
  private static final String ID = "410000002";
  private static final Duration BEAT = Duration.ofSeconds(3);
  private static final int LARGEST_PUSH = 1_200;
  private static final int PUSHES_AT_ONCE = 16;
  private static final int PUSHES_PER_SECOND = 5;

  /** More connections at one time tell nothing more about a target's limit. */
  private static final int CONNECTIONS = 50;

  private static final int REQUESTS_OF_A_CONNECTION = 20;

  /** As many as other floods of connections: without a pace the attacker takes all cores. */
  private static final int CONNECTS_PER_SECOND = 500;

  private final String name;
  private final String description;
  private final boolean hasKey;
  private final int padding;
  private final AtomicInteger largest = new AtomicInteger();

  private PushStorm(String name, String description, boolean hasKey, int padding) {
    this.name = name;
    this.description = description;
    this.hasKey = hasKey;
    this.padding = padding;
  }

  /** The storms: without the key, with it, and with large requests. */
  public static List<Attack> all() {
    return List.of(
        new PushStorm("push-storm", "RequestRelay without a key, over and over", false, 0),
        new PushStorm("push-storm-key", "PunchHoleRequest with the key, over and over", true, 0),
        new PushStorm("push-size", "RequestRelay of 8 KB after an admitted punch", true, 8 << 10));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public void run(AttackContext context) throws Exception {
    try (ScriptedPeer b =
        new ScriptedPeer(
            context,
            ID,
            context.victim(0),
            push -> {
              context.onVictimReceived(push.bytes());
              largest.accumulateAndGet(push.bytes(), Math::max);
            })) {
      b.register().beatEvery(BEAT);
      int connections = Math.min(context.addresses(), CONNECTIONS);
      for (int i = 1; i < connections; i++) {
        context.threads().execute(() -> storm(context, connections));
      }
      storm(context, connections);
    }
  }

  private void storm(AttackContext context, int connections) {
    if (context.addresses() == 1) {
      while (!context.isOver()) {
        request(context, Integer.MAX_VALUE);
      }
    } else {
      context.repeat(
          (double) CONNECTS_PER_SECOND / connections,
          () -> request(context, REQUESTS_OF_A_CONNECTION));
    }
  }

  private void request(AttackContext context, int most) {
    byte[] punch = Messages.frame(Messages.punchHoleRequest(ID, context.node().key()));
    byte[] repeated = hasKey && padding == 0 ? punch : Messages.frame(relay());
    try (TcpFrameConnection connection = context.connect(context.node().idServer())) {
      if (hasKey) {
        connection.sendEncoded(punch);
      }
      for (int i = 0; i < most && !context.isOver(); i++) {
        connection.sendEncoded(repeated);
        context.onSent(1);
      }
    } catch (IOException e) {
      context.pause(Duration.ofMillis(1)); // closed by the node: the next connection
    }
  }

  private RendezvousMessage relay() {
    RequestRelay.Builder request = RequestRelay.newBuilder().setId(ID).setUuid("u");
    if (padding > 0) {
      request.setUnknownFields(
          UnknownFieldSet.newBuilder()
              .addField(
                  500,
                  UnknownFieldSet.Field.newBuilder()
                      .addLengthDelimited(ByteString.copyFrom(new byte[padding]))
                      .build())
              .build());
    }
    return RendezvousMessage.newBuilder().setRequestRelay(request).build();
  }

  @Override
  public List<Finding> judge(RunFigures figures) {
    long most = PUSHES_AT_ONCE + (long) (PUSHES_PER_SECOND * figures.attacked().seconds());
    return List.of(
        new Finding(
            "B got at most " + most + " pushes",
            figures.victim().datagrams() <= most,
            figures.victim().datagrams() + ""),
        new Finding(
            "no push has more than " + LARGEST_PUSH + " bytes",
            largest.get() <= LARGEST_PUSH,
            largest.get() + ""));
  }
}
