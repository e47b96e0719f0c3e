package dev.rallypoint.loadtest.attacks.connections;

import dev.rallypoint.loadtest.attacks.harness.Attack;
import dev.rallypoint.loadtest.attacks.harness.AttackContext;
import dev.rallypoint.loadtest.attacks.harness.AttackedNode;
import dev.rallypoint.loadtest.attacks.harness.Finding;
import dev.rallypoint.loadtest.attacks.harness.Messages;
import dev.rallypoint.loadtest.attacks.harness.RunFigures;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Sends frames without end on a few connections, as fast as the node reads them.
 *
 * @param name the name of the attack
 * @param description what is sent
 * @param port where to
 * @param opening is sent once on each connection
 * @param frame is repeated
 * @param connections how many from one address
 * @param isRead whether the answers are read
 */
public record EndlessFrames(
    String name,
    String description,
    Function<AttackedNode, InetSocketAddress> port,
    byte[] opening,
    byte[] frame,
    int connections,
    boolean isRead)
    implements Attack {
  private static final byte[] NOTHING = {};
  private static final int FRAMES_AT_ONCE = 500;
  private static final int MANY = 50;
  private static final int UNREAD = 30;
  private static final double MOST_CORES = 0.5;
  private static final int CONNECT_MILLIS = 1_000;
  private static final Duration BEFORE_NEXT = Duration.ofMillis(100);

  /** The attacks that send frames without end. */
  public static List<Attack> all() {
    Function<AttackedNode, InetSocketAddress> tcp = AttackedNode::idServer;
    Function<AttackedNode, InetSocketAddress> web = AttackedNode::webSocket;
    byte[] natTest = Messages.frame(Messages.testNat());
    byte[] punch = Messages.frame(Messages.punchHoleRequest("399999999", ""));
    return List.of(
        new EndlessFrames(
            "nat-tests-unread",
            "30 connections send NAT tests without end and read no answer",
            tcp,
            NOTHING,
            natTest,
            UNREAD,
            false),
        ofOne("endless-nat-tests", "NAT tests over TCP", tcp, NOTHING, natTest),
        ofOne("endless-empty", "empty frames over TCP", tcp, NOTHING, new byte[1]),
        ofOne("endless-punches", "requests for an unknown id over TCP", tcp, NOTHING, punch),
        ofOne(
            "endless-ws-tests", "NAT tests by WebSocket", web, Frames.upgrade(), Frames.natTest()),
        ofOne("endless-pings", "pings by WebSocket", web, Frames.upgrade(), Frames.ping()),
        ofOne(
            "endless-fragments",
            "empty fragments of one message by WebSocket",
            web,
            concat(Frames.upgrade(), Frames.firstFragment()),
            Frames.emptyFragment()));
  }

  private static EndlessFrames ofOne(
      String name,
      String kind,
      Function<AttackedNode, InetSocketAddress> port,
      byte[] opening,
      byte[] frame) {
    return new EndlessFrames(
        name, kind + ", without end on each connection", port, opening, frame, 1, true);
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  /** With many addresses, one connection from each. */
  @Override
  public List<Integer> addresses() {
    return List.of(1, MANY);
  }

  @Override
  public void run(AttackContext context) {
    byte[] many = repeated();
    int all = Math.max(connections, context.addresses());
    for (int i = 1; i < all; i++) {
      context.threads().execute(() -> send(context, many));
    }
    send(context, many);
  }

  private byte[] repeated() {
    byte[] many = new byte[frame.length * FRAMES_AT_ONCE];
    for (int i = 0; i < FRAMES_AT_ONCE; i++) {
      System.arraycopy(frame, 0, many, i * frame.length, frame.length);
    }
    return many;
  }

  private void send(AttackContext context, byte[] many) {
    while (!context.isOver()) {
      try (Socket socket = connect(context)) {
        context.closing(socket);
        if (isRead) {
          context.threads().execute(() -> drop(socket));
        }
        socket.getOutputStream().write(opening);
        if (opening.length > 0) {
          context.pause(BEFORE_NEXT); // for the answer to the upgrade
        }
        while (!context.isOver()) {
          socket.getOutputStream().write(many);
          context.onSent(FRAMES_AT_ONCE);
        }
      } catch (IOException e) {
        context.pause(BEFORE_NEXT); // closed by the node: the next connection
      }
    }
  }

  private Socket connect(AttackContext context) throws IOException {
    Socket socket = new Socket();
    try {
      InetAddress from = context.nextAddress();
      socket.bind(new InetSocketAddress(from, 0));
      socket.connect(port.apply(context.node()), CONNECT_MILLIS);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static void drop(Socket socket) {
    byte[] chunk = new byte[64 << 10];
    try {
      InputStream in = socket.getInputStream();
      while (in.read(chunk) >= 0) {
        // Dropped.
      }
      socket.close();
    } catch (IOException e) {
      // Closed.
    }
  }

  @Override
  public List<Finding> judge(RunFigures figures) {
    double more = figures.attacked().node().cores() - figures.quiet().node().cores();
    return List.of(
        new Finding(
            "takes at most " + MOST_CORES + " cores",
            more <= MOST_CORES,
            String.format(Locale.ROOT, "%.2f more than without", more)));
  }
}
