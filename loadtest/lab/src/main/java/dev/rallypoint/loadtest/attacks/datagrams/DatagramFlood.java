package dev.rallypoint.loadtest.attacks.datagrams;

import dev.rallypoint.loadtest.attacks.harness.Attack;
import dev.rallypoint.loadtest.attacks.harness.AttackContext;
import dev.rallypoint.loadtest.attacks.harness.Finding;
import dev.rallypoint.loadtest.attacks.harness.Messages;
import dev.rallypoint.loadtest.attacks.harness.RunFigures;
import dev.rallypoint.loadtest.peer.settings.Device;
import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.PunchHoleSent;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Sends datagrams at a steady rate.
 *
 * @param name the name of the attack
 * @param description what is sent
 * @param perSecond the rate
 * @param datagrams makes the datagrams
 * @param rules judges the figures
 */
public record DatagramFlood(
    String name,
    String description,
    int perSecond,
    Supplier<byte[]> datagrams,
    Function<RunFigures, List<Finding>> rules)
    implements Attack {
  private static final SplittableRandom RANDOM = new SplittableRandom();

  /** What a total of new ids may let in at once, and in a second after that. */
  private static final int NEW_IDS_AT_ONCE = 1_200;

  private static final int NEW_IDS_PER_SECOND = 30;

  private static DatagramFlood of(
      String name, int perSecond, String description, Supplier<byte[]> datagrams) {
    return new DatagramFlood(name, description, perSecond, datagrams, figures -> List.of());
  }

  /** All floods of datagrams. */
  public static List<Attack> all() {
    return List.of(
        of(
            "unknown-ids",
            5_000,
            "heartbeats of ids that nobody has registered",
            () -> Messages.registerPeer(Messages.randomId()).toByteArray()),
        new DatagramFlood(
            "new-ids",
            "RegisterPk of ever new ids, whose sources may be forged",
            2_500,
            DatagramFlood::newDevice,
            DatagramFlood::judgeRows),
        of(
            "answers-to-nobody",
            5_000,
            "PunchHoleSent to requesters that asked for nothing",
            DatagramFlood::answerToNobody),
        of("nat-tests-udp", 10_000, "NAT tests over UDP", () -> Messages.testNat().toByteArray()),
        of("junk", 20_000, "random bytes", () -> noise(1 + RANDOM.nextInt(300))),
        of("junk-large", 1_000, "random bytes in datagrams of 60 KB", () -> noise(60_000)));
  }

  private static byte[] newDevice() {
    SplittableRandom random = RANDOM.split();
    return Messages.registerPk(Messages.randomId(), Device.create(random)).toByteArray();
  }

  private static byte[] answerToNobody() {
    PeerAddress requester =
        PeerAddress.v4((127 << 24) | (19 << 16) | RANDOM.nextInt(60_000), RANDOM.nextInt(65_536));
    return RendezvousMessage.newBuilder()
        .setPunchHoleSent(
            PunchHoleSent.newBuilder()
                .setId(Messages.randomId())
                .setSocketAddr(AddressMangler.encode(requester, RANDOM.nextLong())))
        .build()
        .toByteArray();
  }

  private static byte[] noise(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  private static List<Finding> judgeRows(RunFigures figures) {
    long most = NEW_IDS_AT_ONCE + (long) (NEW_IDS_PER_SECOND * figures.attacked().seconds());
    return List.of(
        new Finding(
            "at most " + most + " new rows", figures.newRows() <= most, figures.newRows() + ""));
  }

  @Override
  public void run(AttackContext context) throws IOException {
    try (DatagramSources sources = DatagramSources.open(context)) {
      context.repeat(perSecond, () -> context.onSent(sources.send(datagrams.get()) ? 1 : 0));
    }
  }

  @Override
  public List<Finding> judge(RunFigures figures) {
    return rules.apply(figures);
  }
}
