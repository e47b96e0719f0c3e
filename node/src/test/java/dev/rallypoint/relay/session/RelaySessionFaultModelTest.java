package dev.rallypoint.relay.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.Effect;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.junit.jupiter.api.Test;

/**
 * One uuid's session between two homes, whose shard moves and whose node dies at any moment, with
 * the order of everything drawn by a seed. Whatever happens, two legs are introduced only if they
 * are of the two sides, and no others are while they are together or within their tombstone; and no
 * leg is left without an answer.
 */
class RelaySessionFaultModelTest {
  private static final int RUNS = 300;
  private static final int STEPS = 80;

  @Test
  void noFaultIntroducesLegsThatAreNoPair() {
    int pairs = 0;
    int refused = 0;
    int crashes = 0;
    for (int seed = 0; seed < RUNS; seed++) {
      World world = new World(seed);
      for (int step = 0; step < STEPS; step++) {
        world.step();
      }
      world.settle();
      pairs += world.pairs;
      refused += world.refused;
      crashes += world.crashes;
    }
    // The runs are worth something only if all of it happened often.
    assertThat(pairs).isGreaterThan(RUNS / 2);
    assertThat(refused).isGreaterThan(RUNS / 2);
    assertThat(crashes).isGreaterThan(RUNS);
  }

  private record SplicedSession(LegRef a, LegRef b) {}

  private static final class World {
    private final Random random;
    private final List<ModelHome> homes = List.of(new ModelHome(), new ModelHome());
    private final ArrayDeque<SessionCommand> again = new ArrayDeque<>();
    private final Map<LegRef, SessionSide> sides = new HashMap<>();
    private TestInbox<ClusterSharding.ShardCommand> shard = TestInbox.create();
    private BehaviorTestKit<SessionCommand> session;
    private Optional<SplicedSession> taken = Optional.empty();
    private Object timer = new Object();
    private boolean hasTimer;
    private long lastNumber;
    private int pairs;
    private int refused;
    private int crashes;

    World(long seed) {
      random = new Random(seed);
      session = incarnation();
    }

    private BehaviorTestKit<SessionCommand> incarnation() {
      hasTimer = false;
      shard = TestInbox.create();
      return BehaviorTestKit.create(
          RelaySession.create(
              "u",
              new SessionContext(
                  Duration.ofSeconds(30),
                  () -> TicketTest.TICKET,
                  shard.getRef(),
                  again::add,
                  () -> Set.of(homes.getFirst().inbox.getRef(), homes.getLast().inbox.getRef()),
                  () -> true)));
    }

    void step() {
      ModelHome home = homes.get(random.nextInt(homes.size()));
      switch (random.nextInt(16)) {
        case 0, 1, 2 -> join(home);
        case 3 -> leave(home);
        case 4 -> end(home);
        case 5 -> fireTimer();
        case 6 -> repeat(home);
        case 7 -> move();
        case 8 -> crash();
        case 9, 10 -> deliver(again);
        default -> deliver(home.way);
      }
      hear();
    }

    void settle() {
      for (int round = 0; round < 20; round++) {
        homes.forEach(this::repeat);
        for (ArrayDeque<SessionCommand> way :
            List.of(again, homes.getFirst().way, homes.getLast().way, again)) {
          while (!way.isEmpty()) {
            deliver(way);
            hear();
          }
        }
      }
      for (ModelHome home : homes) {
        assertThat(home.unanswered).as("words that nobody answered").isEmpty();
      }
    }

    private void join(ModelHome home) {
      long number = ++lastNumber;
      SessionSide side = random.nextBoolean() ? SessionSide.A : SessionSide.B;
      if (home.hasTombstone || home.guests.values().stream().anyMatch(g -> g.introduced != null)) {
        return; // refused at the door
      }
      SessionCommand.Join join =
          new SessionCommand.Join(
              home.name(number), side, 0, new BackhaulAddress("node", homes.indexOf(home) + 1));
      home.guests.put(number, new ModelHome.Guest(join));
      sides.put(home.name(number), side);
      home.say(number, join);
    }

    /** A client goes before its bytes flow, or its meeting fails. */
    private void leave(ModelHome home) {
      home.guests.keySet().stream()
          .filter(number -> !isJoined(home, number))
          .findAny()
          .ifPresent(number -> remove(home, number));
    }

    private boolean isJoined(ModelHome home, long number) {
      SessionReply.Paired introduced = home.guests.get(number).introduced;
      return introduced != null
          && taken.equals(Optional.of(new SplicedSession(introduced.a(), introduced.b())));
    }

    private void remove(ModelHome home, long number) {
      home.guests.remove(number);
      home.unanswered.remove(number);
      home.way.add(new SessionCommand.Left(home.name(number)));
    }

    private void end(ModelHome home) {
      home.guests.keySet().stream()
          .filter(number -> isJoined(home, number))
          .findAny()
          .ifPresent(number -> {
            home.guests.remove(number);
            home.hasTombstone = true;
            home.say(number, new SessionCommand.Ended(home.name(number), EndReason.FINISHED, 1));
          });
    }

    private void repeat(ModelHome home) {
      home.way.addAll(home.unanswered.values());
    }

    /** The shard goes elsewhere; what the session says last waits there with all the rest. */
    private void move() {
      session.run(SessionCommand.Stop.NOW);
      session = incarnation();
    }

    /** The node dies with all that was on its way to it, and the homes find out. */
    private void crash() {
      crashes++;
      again.clear();
      session = incarnation();
      for (ModelHome home : homes) {
        home.way.clear();
        home.guests.forEach((number, guest) -> home.unanswered.put(number, guest.word()));
      }
    }

    private void deliver(ArrayDeque<SessionCommand> way) {
      if (!way.isEmpty()) {
        run(way.remove());
      }
    }

    private void fireTimer() {
      if (!hasTimer || timer == SessionCommand.Timeout.RECOVERY) {
        return; // homes that live answer in time
      }
      hasTimer = false;
      boolean isTombstone = timer == SessionCommand.Timeout.TOMBSTONE;
      if (isTombstone && homes.stream().anyMatch(home -> !home.guests.isEmpty())) {
        hasTimer = true; // no session outlives its own tombstone by a minute
        return;
      }
      if (isTombstone) {
        taken = Optional.empty();
        homes.forEach(home -> {
          home.hasTombstone = false;
          home.unanswered.clear();
          home.way.clear();
        });
        again.clear();
      }
      run((SessionCommand) timer);
    }

    private void run(SessionCommand message) {
      session.run(message);
      for (Effect effect : session.getAllEffects()) {
        if (effect instanceof Effect.TimerScheduled<?> scheduled) {
          timer = scheduled.msg();
          hasTimer = true;
        } else if (effect instanceof Effect.TimerCancelled) {
          hasTimer = false;
        }
      }
      if (shard.hasMessages()) {
        session.run(SessionCommand.Stop.NOW);
        assertThat(session.isAlive()).isFalse();
        session = incarnation();
      }
    }

    private void hear() {
      for (ModelHome home : homes) {
        for (SessionReply answer : home.inbox.getAllReceived()) {
          hear(home, answer);
        }
      }
    }

    private void hear(ModelHome home, SessionReply answer) {
      if (!(answer instanceof SessionReply.PartnerGone)) {
        home.unanswered.remove(answer.leg());
      }
      ModelHome.Guest guest = home.guests.get(answer.leg());
      switch (answer) {
        case SessionReply.Paired introduced -> onIntroduced(home, guest, introduced);
        case SessionReply.Refused refusal -> {
          if (guest != null && guest.introduced == null) {
            refused++;
            remove(home, answer.leg());
          }
        }
        case SessionReply.Expired expired -> {
          if (guest != null && guest.introduced == null) {
            remove(home, answer.leg());
          }
        }
        case SessionReply.RecoveryQuery asked -> home.way.add(home.memory());
        case SessionReply.PartnerGone over -> {
          if (guest != null && !isJoined(home, answer.leg())) {
            remove(home, answer.leg());
          }
        }
        case SessionReply.Acknowledged noted -> {}
        case SessionReply.Waiting waits -> {}
      }
    }

    private void onIntroduced(
        ModelHome home, ModelHome.Guest guest, SessionReply.Paired introduced) {
      SplicedSession pair = new SplicedSession(introduced.a(), introduced.b());
      assertThat(sides.get(pair.a)).isEqualTo(SessionSide.A);
      assertThat(sides.get(pair.b)).isEqualTo(SessionSide.B);
      if (guest == null || guest.introduced != null) {
        return; // it went away, which its session hears, or this was said before
      }
      if (!introduced.isOnOneNode()) {
        guest.introduced = introduced;
      } else if (find(pair.a).isPresent() && find(pair.b).isPresent()) {
        find(pair.a).get().introduced = introduced;
        find(pair.b).get().introduced = introduced;
      } else {
        remove(home, introduced.leg()); // the other one is gone
        return;
      }
      if (find(pair.a).filter(a -> a.isOf(pair.a, pair.b)).isPresent()
          && find(pair.b).filter(b -> b.isOf(pair.a, pair.b)).isPresent()) {
        assertThat(taken).as("who has the uuid while %s join", pair).isEmpty();
        taken = Optional.of(pair);
        pairs++;
      }
    }

    private Optional<ModelHome.Guest> find(LegRef leg) {
      return homes.stream()
          .filter(home -> home.inbox.getRef().equals(leg.nodeLegs()))
          .findAny()
          .map(home -> home.guests.get(leg.number()));
    }
  }
}
