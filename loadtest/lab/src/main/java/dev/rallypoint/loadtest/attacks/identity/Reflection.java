package dev.rallypoint.loadtest.attacks.identity;

import dev.rallypoint.loadtest.attacks.harness.Attack;
import dev.rallypoint.loadtest.attacks.harness.AttackContext;
import dev.rallypoint.loadtest.attacks.harness.Finding;
import dev.rallypoint.loadtest.attacks.harness.Messages;
import dev.rallypoint.loadtest.attacks.harness.RunFigures;
import dev.rallypoint.loadtest.peer.settings.Device;
import dev.rallypoint.loadtest.peer.transport.TcpFrameConnection;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A third party that speaks no RustDesk is made a target by one forged RegisterPk, and asked for
 * over and over. The victim answers nothing.
 */
public final class Reflection implements Attack {
  private static final int PUSHES_AT_ONCE = 16;
  private static final double PUSHES_PER_SECOND = 0.5;
  private static final Duration REGISTRATION = Duration.ofSeconds(5);
  private static final int CONNECTIONS = 20;

  @Override
  public String name() {
    return "reflection";
  }

  @Override
  public String description() {
    return "a forged RegisterPk makes a third party a target, which is then asked for";
  }

  @Override
  public void run(AttackContext context) throws Exception {
    try (DatagramSocket victim = new DatagramSocket(new InetSocketAddress(context.victim(0), 0))) {
      AtomicInteger number = new AtomicInteger(420_000_000);
      context
          .threads()
          .execute(() ->
              Datagrams.forEach(
                  victim,
                  message -> {
                    if (Datagrams.isPush(message)) {
                      context.onVictimReceived(message.getSerializedSize());
                    }
                  }));
      int connections = Math.min(context.addresses(), CONNECTIONS);
      for (int i = 1; i < connections; i++) {
        context.threads().execute(() -> reflect(context, victim, number));
      }
      reflect(context, victim, number);
    }
  }

  private static void reflect(AttackContext context, DatagramSocket victim, AtomicInteger number) {
    String id = String.valueOf(number.getAndIncrement());
    Device device = Device.create(new SplittableRandom());
    byte[] forged = Messages.registerPk(id, device).toByteArray();
    byte[] punch = Messages.frame(Messages.punchHoleRequest(id, context.node().key()));
    long registered = System.nanoTime() - REGISTRATION.toNanos();
    while (!context.isOver()) {
      try (TcpFrameConnection connection = context.connect(context.node().idServer())) {
        while (!context.isOver()) {
          if (System.nanoTime() - registered >= REGISTRATION.toNanos()) {
            victim.send(new DatagramPacket(forged, forged.length, context.node().idServer()));
            registered = System.nanoTime();
            context.pause(Duration.ofMillis(100));
          }
          connection.sendEncoded(punch);
          context.onSent(1);
          context.pause(Duration.ofMillis(1));
        }
      } catch (IOException e) {
        context.pause(Duration.ofMillis(10)); // closed by the node: the next connection
      }
    }
  }

  @Override
  public List<Finding> judge(RunFigures figures) {
    int targets = Math.min(figures.addresses(), CONNECTIONS);
    long most =
        (long) (targets * (PUSHES_AT_ONCE + PUSHES_PER_SECOND * figures.attacked().seconds()));
    return List.of(
        new Finding(
            "a third party gets at most %d pushes by %d forged ids".formatted(most, targets),
            figures.victim().datagrams() <= most,
            figures.victim().datagrams() + ""));
  }
}
