package dev.rallypoint.loadtest.attacks.identity;

import dev.rallypoint.loadtest.attacks.harness.Attack;
import dev.rallypoint.loadtest.attacks.harness.AttackContext;
import dev.rallypoint.loadtest.attacks.harness.Messages;
import dev.rallypoint.loadtest.attacks.harness.ScriptedPeer;
import dev.rallypoint.loadtest.load.PushResponder;
import dev.rallypoint.loadtest.load.SourceAddresses;
import dev.rallypoint.loadtest.peer.transport.TcpFrameConnection;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Answers in the place of B from a stranger's address, before B has answered: over TCP with the
 * port of A, and over UDP with all ports that A may have.
 */
public final class ForgedAnswers implements Attack {
  private static final String ID = "410000001";
  private static final Duration BEAT = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(6);
  private static final Duration BEFORE_FORGING = Duration.ofMillis(60);

  /** B is slow, or the way to it is long. */
  private static final Duration BEFORE_ANSWERING = Duration.ofMillis(400);

  private static final Duration BEFORE_ANSWERING_A_SPRAY = Duration.ofMillis(2_800);
  private static final int FIRST_PORT = 32_768;
  private static final int LAST_PORT = 60_999;
  private static final int DATAGRAMS_AT_ONCE = 12;

  @Override
  public String name() {
    return "forged-answers";
  }

  @Override
  public String description() {
    return "answers in B's place from a stranger's address, by TCP and sprayed by UDP";
  }

  @Override
  public List<Integer> addresses() {
    return ONE_ADDRESS;
  }

  @Override
  public void run(AttackContext context) throws Exception {
    InetAddress home = context.victim(0);
    PushResponder responder = new PushResponder(context.node().balancer(), context.threads());
    Duration[] delay = {BEFORE_ANSWERING};
    Map<ForgedAnswer, Map<String, Integer>> seen = new EnumMap<>(ForgedAnswer.class);
    try (ScriptedPeer b =
        new ScriptedPeer(
            context,
            ID,
            home,
            push ->
                context
                    .threads()
                    .execute(() -> {
                      context.pause(delay[0]);
                      responder.respond(ID, home, push.message());
                    }))) {
      b.register().beatEvery(BEAT);
      while (!context.isOver()) {
        for (ForgedAnswer kind : ForgedAnswer.values()) {
          delay[0] = kind.isSprayed() ? BEFORE_ANSWERING_A_SPRAY : BEFORE_ANSWERING;
          String outcome = attempt(context, kind);
          seen.computeIfAbsent(kind, any -> new TreeMap<>()).merge(outcome, 1, Integer::sum);
        }
      }
    }
    seen.forEach((kind, outcomes) -> {
      boolean held = outcomes.keySet().stream().noneMatch(text -> text.startsWith("A was"));
      context.check("A was not led astray by " + kind.description(), held, outcomes);
    });
  }

  /** A asks for B while the stranger answers; tells what A got. */
  private static String attempt(AttackContext context, ForgedAnswer kind) throws IOException {
    InetAddress stranger = context.nextAddress();
    try (TcpFrameConnection a =
        SourceAddresses.connect(context.nextRequester(), context.node().idServer())) {
      a.send(Messages.punchHoleRequest(ID, context.node().key()).toByteArray());
      context.threads().execute(() -> forge(context, kind, stranger, a.local()));
      return receive(a)
          .map(answer -> evaluate(answer, stranger.getHostAddress()))
          .orElse("A got no answer");
    }
  }

  private static void forge(
      AttackContext context, ForgedAnswer kind, InetAddress stranger, InetSocketAddress a) {
    context.pause(BEFORE_FORGING);
    try {
      if (kind.isSprayed()) {
        spray(context, kind, stranger, a.getAddress());
      } else {
        try (TcpFrameConnection connection =
            SourceAddresses.connect(stranger, context.node().idServer())) {
          connection.send(kind.message(ID, a, stranger).toByteArray());
          context.onSent(1);
        }
      }
    } catch (IOException e) {
      // Refused: as an answer that nobody believes.
    }
  }

  private static void spray(
      AttackContext context, ForgedAnswer kind, InetAddress stranger, InetAddress a)
      throws IOException {
    try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(stranger, 0))) {
      for (int port = FIRST_PORT; port <= LAST_PORT && !context.isOver(); port++) {
        byte[] answer = kind.message(ID, new InetSocketAddress(a, port), stranger).toByteArray();
        socket.send(new DatagramPacket(answer, answer.length, context.node().idServer()));
        context.onSent(1);
        if (port % DATAGRAMS_AT_ONCE == 0) {
          context.pause(Duration.ofMillis(1)); // no faster than the node reads
        }
      }
    }
  }

  private static Optional<RendezvousMessage> receive(TcpFrameConnection a) throws IOException {
    long deadline = System.nanoTime() + ANSWER.toNanos();
    while (System.nanoTime() - deadline < 0) {
      try {
        Duration left = Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
        RendezvousMessage message = RendezvousMessage.parseFrom(a.receive(left));
        if (message.hasPunchHoleResponse() || message.hasRelayResponse()) {
          return Optional.of(message);
        }
      } catch (SocketTimeoutException e) {
        break;
      }
    }
    return Optional.empty();
  }

  private static String evaluate(RendezvousMessage answer, String stranger) {
    boolean isRelay = answer.hasRelayResponse();
    String address =
        isRelay
            ? answer.getRelayResponse().getRelayServer()
            : ForgedAnswer.address(answer.getPunchHoleResponse().getSocketAddr());
    String refusal =
        isRelay
            ? answer.getRelayResponse().getRefuseReason()
            : answer.getPunchHoleResponse().getOtherFailure();
    boolean hasKey =
        isRelay
            ? !answer.getRelayResponse().getPk().isEmpty()
            : !answer.getPunchHoleResponse().getPk().isEmpty();
    if (address.startsWith(stranger)) {
      return "A was led to the stranger" + (hasKey ? ", with B's key" : " without a key");
    }
    if (!refusal.isEmpty()) {
      return "A was refused in B's name";
    }
    if (isRelay) {
      return "A was sent to a relay that B did not choose";
    }
    return hasKey ? "B with its key" : "A was led to B without a key";
  }
}
