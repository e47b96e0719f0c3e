package dev.rallypoint.loadtest.attacks.identity;

import dev.rallypoint.loadtest.attacks.harness.Attack;
import dev.rallypoint.loadtest.attacks.harness.AttackContext;
import dev.rallypoint.loadtest.attacks.harness.Messages;
import dev.rallypoint.loadtest.attacks.harness.ScriptedPeer;
import dev.rallypoint.loadtest.load.PunchRequester;
import dev.rallypoint.loadtest.load.PushResponder;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Heartbeats in the name of B from another port behind its ip, while B sends its own. */
public final class HomeMoves implements Attack {
  private static final String ID = "410000003";
  private static final Duration BEAT = Duration.ofSeconds(3);
  private static final Duration THEFT = Duration.ofMillis(370);
  private static final Duration BETWEEN_PUNCHES = Duration.ofMillis(500);

  @Override
  public String name() {
    return "home-moves";
  }

  @Override
  public String description() {
    return "heartbeats in B's name from another port behind B's ip";
  }

  @Override
  public List<Integer> addresses() {
    return ONE_ADDRESS;
  }

  @Override
  public void run(AttackContext context) throws Exception {
    InetAddress home = context.victim(0);
    PushResponder responder = new PushResponder(context.node().balancer(), context.threads());
    AtomicInteger stolen = new AtomicInteger();
    try (ScriptedPeer b =
            new ScriptedPeer(
                context, ID, home, push -> responder.respond(ID, home, push.message()));
        DatagramSocket thief = new DatagramSocket(new InetSocketAddress(home, 0))) {
      b.register().beatEvery(BEAT);
      context.threads().execute(() -> count(context, thief, stolen));
      context.threads().execute(() -> steal(context, thief));
      int punches = 0;
      int failed = 0;
      while (!context.isOver()) {
        punches++;
        if (!context.requester().request(ID, 1, PunchRequester.ONE_REQUEST).isFound()) {
          failed++;
        }
        context.pause(BETWEEN_PUNCHES);
      }
      context.check(
          "B is found at its own port",
          failed == 0,
          "%d of %d punches failed, %d pushes went to the thief"
              .formatted(failed, punches, stolen.get()));
    }
  }

  private static void steal(AttackContext context, DatagramSocket thief) {
    byte[] heartbeat = Messages.registerPeer(ID).toByteArray();
    while (!context.isOver()) {
      try {
        thief.send(new DatagramPacket(heartbeat, heartbeat.length, context.node().idServer()));
        context.onSent(1);
      } catch (IOException e) {
        return; // closed
      }
      context.pause(THEFT);
    }
  }

  private static void count(AttackContext context, DatagramSocket thief, AtomicInteger stolen) {
    Datagrams.forEach(
        thief,
        message -> {
          if (Datagrams.isPush(message)) {
            stolen.incrementAndGet();
            context.onVictimReceived(message.getSerializedSize());
          }
        });
  }
}
