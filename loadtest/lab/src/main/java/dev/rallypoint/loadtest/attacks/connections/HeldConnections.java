package dev.rallypoint.loadtest.attacks.connections;

import dev.rallypoint.loadtest.attacks.harness.Attack;
import dev.rallypoint.loadtest.attacks.harness.AttackContext;
import dev.rallypoint.loadtest.attacks.harness.AttackedNode;
import dev.rallypoint.loadtest.attacks.harness.Messages;
import dev.rallypoint.loadtest.attacks.harness.NodeSpec;
import dev.rallypoint.loadtest.attacks.harness.NodeSpec.Certificate;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Opens connections at a steady rate and holds them, with as little as keeps them open.
 *
 * @param name the name of the attack
 * @param description what is held
 * @param node how the node is started
 * @param ports where the connections go, in turn
 * @param first is sent when a connection is open
 * @param again is sent on each connection every 5 s; empty for nothing
 * @param most how many are held
 * @param rule what the node must do about them
 */
public record HeldConnections(
    String name,
    String description,
    NodeSpec node,
    Function<AttackedNode, List<InetSocketAddress>> ports,
    byte[] first,
    byte[] again,
    int most,
    Rule rule)
    implements Attack {
  private static final int PER_SECOND = 500;
  private static final int DESCRIPTORS = 4_096;
  private static final int OF_ONE_ADDRESS = DESCRIPTORS / 4;
  private static final double SENDS_PER_SECOND = 0.2;
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(15);
  private static final byte[] NOTHING = {};

  /** The beginning of a frame of 16 bytes, which never comes whole. */
  private static final byte[] BEGUN_FRAME = {16 << 2};

  private static final byte[] ONE_BYTE = {1};

  /** What the node must do about held connections. */
  enum Rule {
    /** Close each in time. */
    CLOSED_IN_TIME,
    /** Let no address have more than a quarter of the places. */
    SHARE_OF_AN_ADDRESS,
    /** Only go on; honest clients notice nothing. */
    NONE
  }

  /** The attacks that hold connections. */
  public static List<Attack> all() {
    NodeSpec few = NodeSpec.DEFAULT.withDescriptors(DESCRIPTORS);
    return List.of(
        new HeldConnections(
            "silent",
            "connections to all ports that send nothing",
            NodeSpec.DEFAULT,
            node ->
                List.of(
                    node.idServer(),
                    node.natTest(),
                    node.webSocket(),
                    node.relay(),
                    node.relayWebSocket()),
            NOTHING,
            NOTHING,
            4_000,
            Rule.CLOSED_IN_TIME),
        new HeldConnections(
            "slow-frames",
            "connections that send a frame byte by byte",
            NodeSpec.DEFAULT,
            node -> List.of(node.idServer(), node.natTest(), node.relay()),
            BEGUN_FRAME,
            ONE_BYTE,
            2_000,
            Rule.CLOSED_IN_TIME),
        new HeldConnections(
            "id-places",
            "connections to the ID server with a NAT test every 5 s; 4,096 descriptors",
            few,
            node -> List.of(node.idServer()),
            Messages.frame(Messages.testNat()),
            Messages.frame(Messages.testNat()),
            DESCRIPTORS,
            Rule.SHARE_OF_AN_ADDRESS),
        new HeldConnections(
            "https-places",
            "silent connections to the https-port; 4,096 descriptors",
            few.withCertificate(Certificate.ECDSA),
            node -> List.of(node.https()),
            NOTHING,
            NOTHING,
            DESCRIPTORS,
            Rule.SHARE_OF_AN_ADDRESS),
        new HeldConnections(
            "websockets",
            "WebSockets with a NAT test every 5 s; 256 MB of heap",
            NodeSpec.DEFAULT.withJavaOptions("-Xmx256m"),
            node -> List.of(node.webSocket()),
            Frames.upgrade(),
            Frames.natTest(),
            7_000,
            Rule.NONE));
  }

  @Override
  public void run(AttackContext context) throws IOException {
    List<InetSocketAddress> targets = ports.apply(context.node());
    try (RawConnections connections = RawConnections.start(context)) {
      if (again.length > 0) {
        context
            .threads()
            .execute(() -> context.repeat(SENDS_PER_SECOND, () -> connections.sendToAll(again)));
      }
      AtomicInteger turn = new AtomicInteger();
      context.repeat(
          PER_SECOND,
          () -> {
            if (connections.count() < most) {
              int next = turn.getAndIncrement() % targets.size();
              connections.open(targets.get(next), first, true);
            }
          });
      judge(context, connections);
    }
  }

  private void judge(AttackContext context, RawConnections connections) {
    String observed =
        "%d open at the end, %d at most, %d for over %d s"
            .formatted(
                connections.count(),
                connections.most(),
                connections.olderThan(LONGEST_SILENCE),
                LONGEST_SILENCE.toSeconds());
    switch (rule) {
      case CLOSED_IN_TIME -> {
        if (context.isOlderThan(LONGEST_SILENCE)) {
          context.check(
              "none is open for more than " + LONGEST_SILENCE.toSeconds() + " s",
              connections.olderThan(LONGEST_SILENCE) == 0,
              observed);
        } else {
          context.note(observed);
        }
      }
      case SHARE_OF_AN_ADDRESS ->
          context.check(
              "one address holds at most " + OF_ONE_ADDRESS,
              context.addresses() > 1 || connections.count() <= OF_ONE_ADDRESS,
              observed);
      case NONE -> context.note(observed);
    }
  }
}
