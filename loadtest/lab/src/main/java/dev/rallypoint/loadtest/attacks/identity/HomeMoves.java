package dev.rallypoint.loadtest.attacks.identity;

import dev.rallypoint.loadtest.attacks.harness.Attack;
import dev.rallypoint.loadtest.attacks.harness.AttackContext;
import dev.rallypoint.loadtest.attacks.harness.Messages;
import dev.rallypoint.loadtest.attacks.harness.ScriptedPeer;
import dev.rallypoint.loadtest.load.PunchRequester;
import dev.rallypoint.loadtest.load.PushResponder;
import dev.rallypoint.loadtest.peer.settings.Device;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Heartbeats in the name of B from another port behind its ip, while B sends its own or has a
 * registration link.
 *
 * @param name the name of the attack
 * @param isLink whether B is registered over an encrypted link
 */
public record HomeMoves(String name, boolean isLink) implements Attack {
  private static final String ID = "410000003";
  private static final Duration BEAT = Duration.ofSeconds(3);
  private static final Duration BETWEEN_PUNCHES = Duration.ofMillis(500);
  private static final Duration SILENCE = Duration.ofMinutes(10);

  /** For B with UDP and with a link. */
  public static List<Attack> all() {
    return List.of(new HomeMoves("home-moves", false), new HomeMoves("link-moves", true));
  }

  @Override
  public String description() {
    return "heartbeats in B's name from another port behind B's ip"
        + (isLink ? "; B has a registration link" : "");
  }

  @Override
  public List<Integer> addresses() {
    return ONE_ADDRESS;
  }

  @Override
  public void run(AttackContext context) throws Exception {
    InetAddress home = context.victim(0);
    PushResponder responder = new PushResponder(context.node().balancer(), context.threads());
    try (AutoCloseable _ = isLink ? link(context, home, responder) : udp(context, home, responder);
        Thief thief = Thief.start(context, ID, home)) {
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
          isLink ? "B is found at its link" : "B is found at its own port",
          failed == 0,
          "%d of %d punches failed, %d pushes went to the thief"
              .formatted(failed, punches, thief.pushes()));
    }
  }

  private static AutoCloseable udp(AttackContext context, InetAddress home, PushResponder responder)
      throws IOException {
    ScriptedPeer b =
        new ScriptedPeer(context, ID, home, push -> responder.respond(ID, home, push.message()));
    return b.register().beatEvery(BEAT);
  }

  private static AutoCloseable link(
      AttackContext context, InetAddress home, PushResponder responder) throws IOException {
    EncryptedLink link = EncryptedLink.open(context, home);
    link.send(Messages.registerPk(ID, Device.create(new SplittableRandom(ID.hashCode()))));
    RendezvousMessage answer = link.receive(BEAT);
    if (!answer.hasRegisterPkResponse()) {
      throw new IOException("B could not register: " + answer);
    }
    context
        .threads()
        .execute(() -> {
          try {
            while (!context.isOver()) {
              responder.respond(ID, home, link.receive(SILENCE));
            }
          } catch (IOException e) {
            // Closed.
          }
        });
    return link;
  }
}
