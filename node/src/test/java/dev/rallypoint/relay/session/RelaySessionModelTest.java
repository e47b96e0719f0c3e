package dev.rallypoint.relay.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.Effect;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.junit.jupiter.api.Test;

/**
 * Random orders of joins, leavings, ends, timers and passivations over a few uuids, held against
 * the rule in one sentence: two legs are partners only if they are of the two sides of one uuid,
 * and neither they nor any others were paired under it before within its tombstone. And no leg is
 * ever left without an answer.
 */
class RelaySessionModelTest {
  private static final int RUNS = 500;
  private static final int STEPS = 60;

  @Test
  void noOrderOfEventsPairsLegsThatAreNotOfOneSession() {
    int pairs = 0;
    int refusals = 0;
    for (int seed = 0; seed < RUNS; seed++) {
      World world = new World(seed);
      for (int step = 0; step < STEPS; step++) {
        world.step();
      }
      world.deliverAll();
      pairs += world.pairs;
      refusals += world.refusals;
    }
    // The runs are worth something only if both happened often.
    assertThat(pairs).isGreaterThan(RUNS);
    assertThat(refusals).isGreaterThan(RUNS);
  }

  private record Comer(String uuid, SessionSide side) {}

  /** A node, a shard and its entities, with the order of everything drawn by a seed. */
  private static final class World {
    private final Random random;
    private final TestInbox<SessionReply> node = TestInbox.create();
    private final Map<String, Entity> entities = new HashMap<>();
    private final Map<Long, Comer> comers = new HashMap<>();
    private final Set<Long> present = new HashSet<>();
    private final Set<Long> unanswered = new HashSet<>();
    private final Set<Long> paired = new HashSet<>();
    private final List<SessionReply.Paired> live = new ArrayList<>();
    private long lastNumber;
    private int pairs;
    private int refusals;

    World(long seed) {
      random = new Random(seed);
      for (String uuid : List.of("one", "two", "three")) {
        entities.put(uuid, new Entity(uuid));
      }
    }

    void step() {
      Entity entity = pick(List.copyOf(entities.values()));
      switch (random.nextInt(11)) {
        case 0, 1, 2 -> join(entity);
        case 3 -> leave();
        case 4 -> end();
        case 5 -> entity.fireTimer();
        case 6 -> entity.send(new SessionCommand.PartnerRefused(side()));
        default -> entity.deliverOne();
      }
      receive();
    }

    void deliverAll() {
      boolean isBusy = true;
      while (isBusy) {
        isBusy = false;
        for (Entity entity : entities.values()) {
          isBusy |= entity.deliverOne();
        }
        receive();
      }
      assertThat(unanswered).as("legs left without any answer").isEmpty();
    }

    private void join(Entity entity) {
      long number = ++lastNumber;
      SessionSide side = side();
      comers.put(number, new Comer(entity.uuid, side));
      present.add(number);
      unanswered.add(number);
      entity.send(new SessionCommand.Join(ref(number), side, 0, BackhaulAddress.NONE));
    }

    private SessionSide side() {
      return random.nextBoolean() ? SessionSide.A : SessionSide.B;
    }

    private void leave() {
      List<Long> free = present.stream().filter(leg -> !paired.contains(leg)).toList();
      if (!free.isEmpty()) {
        long number = pick(free);
        present.remove(number);
        unanswered.remove(number);
        entities.get(comers.get(number).uuid()).send(new SessionCommand.Left(ref(number)));
      }
    }

    private void end() {
      if (!live.isEmpty()) {
        SessionReply.Paired ended = live.remove(random.nextInt(live.size()));
        entities.get(ended.uuid()).send(new SessionCommand.Ended(ended.a(), EndReason.FINISHED, 1));
      }
    }

    private void receive() {
      for (SessionReply answer : node.getAllReceived()) {
        unanswered.remove(answer.leg());
        switch (answer) {
          case SessionReply.Waiting waits -> {}
          case SessionReply.Expired expired -> present.remove(expired.leg());
          case SessionReply.Refused refused -> {
            assertThat(paired).doesNotContain(refused.leg());
            present.remove(refused.leg());
            refusals++;
          }
          case SessionReply.Acknowledged noted -> {}
          case SessionReply.RecoveryQuery asked -> {}
          case SessionReply.PartnerRefused refused -> {
            assertThat(paired).doesNotContain(refused.leg());
            present.remove(refused.leg());
          }
          case SessionReply.PartnerGone over -> {}
          case SessionReply.Paired pair -> onPaired(pair);
        }
      }
    }

    private void onPaired(SessionReply.Paired pair) {
      pairs++;
      Comer a = comers.get(pair.a().number());
      Comer b = comers.get(pair.b().number());
      assertThat(a).isEqualTo(new Comer(pair.uuid(), SessionSide.A));
      assertThat(b).isEqualTo(new Comer(pair.uuid(), SessionSide.B));
      assertThat(paired.add(pair.a().number())).isTrue();
      assertThat(paired.add(pair.b().number())).isTrue();
      assertThat(live).noneMatch(other -> other.uuid().equals(pair.uuid()));
      assertThat(entities.get(pair.uuid()).hasTombstone).isFalse();
      unanswered.remove(pair.a().number());
      unanswered.remove(pair.b().number());
      entities.get(pair.uuid()).hasTombstone = true;
      if (present.contains(pair.a().number()) && present.contains(pair.b().number())) {
        live.add(pair);
      } // else a Left is under inFlight, and the node drops the other leg
    }

    private LegRef ref(long number) {
      return new LegRef(node.getRef(), number);
    }

    private <T> T pick(List<T> list) {
      return list.get(random.nextInt(list.size()));
    }
  }

  /** One uuid's place in its shard: messages wait while its session passivates. */
  private static final class Entity {
    private final String uuid;
    private final ArrayDeque<SessionCommand> mailbox = new ArrayDeque<>();
    private final ArrayDeque<SessionCommand> held = new ArrayDeque<>();
    private final TestInbox<ClusterSharding.ShardCommand> shard = TestInbox.create();
    private Effect.TimerScheduled<?> timer;
    private BehaviorTestKit<SessionCommand> session;
    private boolean isPassivating;
    private boolean hasTombstone;

    Entity(String uuid) {
      this.uuid = uuid;
      begin();
    }

    private void begin() {
      session =
          BehaviorTestKit.create(
              RelaySession.create(
                  uuid,
                  new SessionContext(
                      Duration.ofSeconds(30),
                      () -> TicketTest.TICKET,
                      shard.getRef(),
                      this::send,
                      java.util.Set::of,
                      () -> true)));
      isPassivating = false;
      hasTombstone = false;
      timer = null;
    }

    void send(SessionCommand message) {
      (isPassivating ? held : mailbox).add(message);
    }

    /** The session takes its next message, or its stop message behind the last one. */
    boolean deliverOne() {
      SessionCommand next = mailbox.poll();
      if (next != null) {
        run(next);
        return true;
      }
      if (!isPassivating) {
        return false;
      }
      session.run(SessionCommand.Stop.NOW);
      assertThat(session.isAlive()).isFalse();
      begin();
      mailbox.addAll(held);
      held.clear();
      return true;
    }

    void fireTimer() {
      if (timer != null) {
        Effect.TimerScheduled<?> due = timer;
        timer = null;
        run((SessionCommand) due.msg());
      }
    }

    private void run(SessionCommand message) {
      session.run(message);
      for (Effect effect : session.getAllEffects()) {
        if (effect instanceof Effect.TimerScheduled<?> scheduled) {
          timer = scheduled;
        } else if (effect instanceof Effect.TimerCancelled) {
          timer = null;
        }
      }
      isPassivating |= !shard.getAllReceived().isEmpty();
    }
  }
}
