package dev.rallypoint.loadtest.attacks.identity;

import dev.rallypoint.loadtest.attacks.harness.Attack;
import dev.rallypoint.loadtest.attacks.harness.AttackContext;
import dev.rallypoint.loadtest.peer.transport.TcpFrameConnection;
import dev.rallypoint.protocol.proto.OnlineRequest;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Goes through all ids by online queries, which carry no key. */
public final class OnlineQueries implements Attack {
  private static final int IDS = 2_000;
  private static final int FIRST_ID = 100_000_000;
  private static final int NINE_DIGIT_IDS = 900_000_000;
  private static final Duration ANSWER = Duration.ofSeconds(2);

  /** Some clients behind one address poll address books of 5,000 entries. */
  private static final int AT_ONCE = 60_000;

  /** All ids of nine digits then take ten days. */
  private static final int PER_SECOND = 1_000;

  @Override
  public String name() {
    return "online-queries";
  }

  @Override
  public String description() {
    return "online queries for one id after the other, without a key";
  }

  @Override
  public List<Integer> addresses() {
    return ONE_ADDRESS;
  }

  @Override
  public void run(AttackContext context) {
    long begun = System.nanoTime();
    AtomicInteger next = new AtomicInteger(FIRST_ID);
    long answered = 0;
    while (!context.isOver()) {
      try (TcpFrameConnection connection = context.connect(context.node().natTest())) {
        while (!context.isOver()) {
          connection.send(query(next.getAndAdd(IDS)));
          context.onSent(IDS);
          RendezvousMessage answer = RendezvousMessage.parseFrom(connection.receive(ANSWER));
          answered += answer.getOnlineResponse().getStates().isEmpty() ? 0 : IDS;
        }
      } catch (IOException e) {
        context.pause(Duration.ofMillis(10)); // closed or silent: the next connection
      }
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    double perSecond = answered / seconds;
    context.check(
        "at most %d ids at once and %d a second".formatted(AT_ONCE, PER_SECOND),
        answered <= AT_ONCE + PER_SECOND * seconds,
        String.format(
            Locale.ROOT,
            "%.0f a second: all nine-digit ids in %.1f hours",
            perSecond,
            NINE_DIGIT_IDS / Math.max(1, perSecond) / 3_600));
  }

  private static byte[] query(int first) {
    return RendezvousMessage.newBuilder()
        .setOnlineRequest(
            OnlineRequest.newBuilder()
                .setId("499999999")
                .addAllPeers(
                    IntStream.range(first, first + IDS).mapToObj(String::valueOf).toList()))
        .build()
        .toByteArray();
  }
}
