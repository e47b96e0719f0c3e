package dev.rallypoint.loadtest.attacks.identity;

import dev.rallypoint.loadtest.attacks.harness.Attack;
import dev.rallypoint.loadtest.attacks.harness.AttackContext;
import dev.rallypoint.loadtest.attacks.harness.Messages;
import dev.rallypoint.loadtest.attacks.harness.ScriptedPeer;
import dev.rallypoint.loadtest.peer.settings.Device;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** RegisterPk with an office's source address, so that the limits of that address are used up. */
public final class SpentLimits implements Attack {
  /**
   * The known devices are this one and the next ones. Each restarts once: the wire limits one id.
   */
  private static final int FIRST_KNOWN = 410_000_100;

  private static final int KNOWN = 60;

  /** More than any limit for an address; 22 a second keep it used up. */
  private static final int AT_ONCE = 1_500;

  private static final Duration PERIOD = Duration.ofMillis(45);
  private static final Duration BETWEEN = Duration.ofSeconds(1);
  private static final Duration ANSWER = Duration.ofSeconds(3);

  @Override
  public String name() {
    return "spent-limits";
  }

  @Override
  public String description() {
    return "RegisterPk with an office's address as the forged source";
  }

  @Override
  public List<Integer> addresses() {
    return ONE_ADDRESS;
  }

  @Override
  public void run(AttackContext context) throws Exception {
    InetAddress office = context.victim(0);
    Map<String, Integer> ofKnown = new TreeMap<>();
    Map<String, Integer> ofNew = new TreeMap<>();
    for (int i = 0; i < KNOWN; i++) {
      try (ScriptedPeer known = known(context, office, i)) {
        known.register();
      }
    }
    context.threads().execute(() -> flood(context, office));
    context.pause(BETWEEN);
    for (int i = 0; i < KNOWN && !context.isOver(); i++) {
      try (ScriptedPeer restarted = known(context, office, i)) {
        ofKnown.merge(text(restarted.sendKey()), 1, Integer::sum);
      }
      ofNew.merge(registerByTcp(context, office), 1, Integer::sum);
      context.pause(BETWEEN);
    }
    context.check(
        "a known device of the office registers", ofKnown.keySet().equals(Set.of("OK")), ofKnown);
    context.check(
        "a new device of the office registers by TCP", ofNew.keySet().equals(Set.of("OK")), ofNew);
  }

  private static ScriptedPeer known(AttackContext context, InetAddress office, int number)
      throws IOException {
    return new ScriptedPeer(context, String.valueOf(FIRST_KNOWN + number), office, push -> {});
  }

  private static String text(@Nullable Result result) {
    return result == null ? "no answer" : result.name();
  }

  private static void flood(AttackContext context, InetAddress office) {
    SplittableRandom random = new SplittableRandom();
    try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(office, 0))) {
      for (int sent = 0; !context.isOver(); sent++) {
        byte[] message =
            Messages.registerPk(Messages.randomId(), Device.create(random)).toByteArray();
        socket.send(new DatagramPacket(message, message.length, context.node().idServer()));
        context.onSent(1);
        if (sent > AT_ONCE) {
          context.pause(PERIOD);
        }
      }
    } catch (IOException e) {
      context.check("the attack was carried out", false, e);
    }
  }

  /** Registers a new device over an encrypted link; tells the result. */
  private static String registerByTcp(AttackContext context, InetAddress office) {
    Device device = Device.create(new SecureRandom());
    try (EncryptedLink link = EncryptedLink.open(context, office)) {
      link.send(Messages.registerPk(Messages.randomId(), device));
      return link.receive(ANSWER).getRegisterPkResponse().getResult().name();
    } catch (IOException e) {
      return "no answer";
    }
  }
}
