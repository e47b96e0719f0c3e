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
 * One uuid's session between two nodes, whose shard moves and whose node dies at any moment, with
 * the order of everything drawn by a seed. Whatever happens, two legs are partners only if they are
 * of the two sides, and no others are while they are together or within their tombstone; and no leg
 * is left without an answer.
 */
class RelaySessionFaultModelTest {
  private static final int RUNS = 300;
  private static final int STEPS = 80;

  @Test
  void noFaultPairsLegsThatAreNotOfOneSession() {
    int pairs = 0;
    int refused = 0;
    int crashes = 0;
    for (int seed = 0; seed < RUNS; seed++) {
      World world = new World(seed);
      for (int step = 0; step < STEPS; step++) {
        world.step();
      }
      world.deliverAll();
      pairs += world.pairs;
      refused += world.refused;
      crashes += world.crashes;
    }
    // The runs are worth something only if all of it happened often.
    assertThat(pairs).isGreaterThan(RUNS / 2);
    assertThat(refused).isGreaterThan(RUNS / 2);
    assertThat(crashes).isGreaterThan(RUNS);
  }

  private record Partners(LegRef a, LegRef b) {}

  private static final class World {
    private final Random random;
    private final List<ModelNode> nodes = List.of(new ModelNode(), new ModelNode());
    private final ArrayDeque<SessionCommand> resent = new ArrayDeque<>();
    private final Map<LegRef, SessionSide> sides = new HashMap<>();
    private TestInbox<ClusterSharding.ShardCommand> shard = TestInbox.create();
    private BehaviorTestKit<SessionCommand> session;
    private Optional<Partners> taken = Optional.empty();
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
                  resent::add,
                  () -> Set.of(nodes.getFirst().inbox.getRef(), nodes.getLast().inbox.getRef()),
                  () -> true)));
    }

    void step() {
      ModelNode node = nodes.get(random.nextInt(nodes.size()));
      switch (random.nextInt(16)) {
        case 0, 1, 2 -> join(node);
        case 3 -> leave(node);
        case 4 -> end(node);
        case 5 -> fireTimer();
        case 6 -> repeat(node);
        case 7 -> move();
        case 8 -> crash();
        case 9, 10 -> deliver(resent);
        default -> deliver(node.inFlight);
      }
      receive();
    }

    void deliverAll() {
      for (int round = 0; round < 20; round++) {
        nodes.forEach(this::repeat);
        for (ArrayDeque<SessionCommand> inFlight :
            List.of(resent, nodes.getFirst().inFlight, nodes.getLast().inFlight, resent)) {
          while (!inFlight.isEmpty()) {
            deliver(inFlight);
            receive();
          }
        }
      }
      for (ModelNode node : nodes) {
        assertThat(node.unanswered).as("messages without an answer").isEmpty();
      }
    }

    private void join(ModelNode node) {
      long number = ++lastNumber;
      SessionSide side = random.nextBoolean() ? SessionSide.A : SessionSide.B;
      if (node.hasTombstone || node.legs.values().stream().anyMatch(g -> g.pairing != null)) {
        return; // refused at once
      }
      SessionCommand.Join join =
          new SessionCommand.Join(
              node.ref(number), side, 0, new BackhaulAddress("node", nodes.indexOf(node) + 1));
      node.legs.put(number, new ModelNode.Leg(join));
      sides.put(node.ref(number), side);
      node.send(number, join);
    }

    /** A client goes before its bytes flow, or the backhaul connection fails. */
    private void leave(ModelNode node) {
      node.legs.keySet().stream()
          .filter(number -> !isJoined(node, number))
          .findAny()
          .ifPresent(number -> remove(node, number));
    }

    private boolean isJoined(ModelNode node, long number) {
      SessionReply.Paired pairing = node.legs.get(number).pairing;
      return pairing != null && taken.equals(Optional.of(new Partners(pairing.a(), pairing.b())));
    }

    private void remove(ModelNode node, long number) {
      node.legs.remove(number);
      node.unanswered.remove(number);
      node.inFlight.add(new SessionCommand.Left(node.ref(number)));
    }

    private void end(ModelNode node) {
      node.legs.keySet().stream()
          .filter(number -> isJoined(node, number))
          .findAny()
          .ifPresent(number -> {
            node.legs.remove(number);
            node.hasTombstone = true;
            node.send(number, new SessionCommand.Ended(node.ref(number), EndReason.FINISHED, 1));
          });
    }

    private void repeat(ModelNode node) {
      node.inFlight.addAll(node.unanswered.values());
    }

    /** The shard moves; the last message of the session waits there with all the rest. */
    private void move() {
      session.run(SessionCommand.Stop.NOW);
      session = incarnation();
    }

    /** The node dies with all that was on its inFlight to it, and the nodes find out. */
    private void crash() {
      crashes++;
      resent.clear();
      session = incarnation();
      for (ModelNode node : nodes) {
        node.inFlight.clear();
        node.legs.forEach((number, leg) -> node.unanswered.put(number, leg.message()));
      }
    }

    private void deliver(ArrayDeque<SessionCommand> inFlight) {
      if (!inFlight.isEmpty()) {
        run(inFlight.remove());
      }
    }

    private void fireTimer() {
      if (!hasTimer || timer == SessionCommand.Timeout.RECOVERY) {
        return; // nodes that live answer in time
      }
      hasTimer = false;
      boolean isTombstone = timer == SessionCommand.Timeout.TOMBSTONE;
      if (isTombstone && nodes.stream().anyMatch(node -> !node.legs.isEmpty())) {
        hasTimer = true; // no session outlives its own tombstone by a minute
        return;
      }
      if (isTombstone) {
        taken = Optional.empty();
        nodes.forEach(node -> {
          node.hasTombstone = false;
          node.unanswered.clear();
          node.inFlight.clear();
        });
        resent.clear();
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

    private void receive() {
      for (ModelNode node : nodes) {
        for (SessionReply answer : node.inbox.getAllReceived()) {
          receive(node, answer);
        }
      }
    }

    private void receive(ModelNode node, SessionReply answer) {
      if (!(answer instanceof SessionReply.PartnerGone)) {
        node.unanswered.remove(answer.leg());
      }
      ModelNode.Leg leg = node.legs.get(answer.leg());
      switch (answer) {
        case SessionReply.Paired pairing -> onPaired(node, leg, pairing);
        case SessionReply.Refused refusal -> {
          if (leg != null && leg.pairing == null) {
            refused++;
            remove(node, answer.leg());
          }
        }
        case SessionReply.Expired expired -> {
          if (leg != null && leg.pairing == null) {
            remove(node, answer.leg());
          }
        }
        case SessionReply.RecoveryQuery asked -> node.inFlight.add(node.known());
        case SessionReply.PartnerGone over -> {
          if (leg != null && !isJoined(node, answer.leg())) {
            remove(node, answer.leg());
          }
        }
        case SessionReply.Acknowledged noted -> {}
        case SessionReply.PartnerRefused refused ->
            throw new AssertionError("no leg of this model is refused for its key");
        case SessionReply.Waiting waits -> {}
      }
    }

    private void onPaired(ModelNode node, ModelNode.Leg leg, SessionReply.Paired pairing) {
      Partners pair = new Partners(pairing.a(), pairing.b());
      assertThat(sides.get(pair.a)).isEqualTo(SessionSide.A);
      assertThat(sides.get(pair.b)).isEqualTo(SessionSide.B);
      if (leg == null || leg.pairing != null) {
        return; // it is closed, which its session is told, or this is a repetition
      }
      if (!pairing.isOnOneNode()) {
        leg.pairing = pairing;
      } else if (find(pair.a).isPresent() && find(pair.b).isPresent()) {
        find(pair.a).get().pairing = pairing;
        find(pair.b).get().pairing = pairing;
      } else {
        remove(node, pairing.leg()); // the other one is gone
        return;
      }
      if (find(pair.a).filter(a -> a.isOf(pair.a, pair.b)).isPresent()
          && find(pair.b).filter(b -> b.isOf(pair.a, pair.b)).isPresent()) {
        assertThat(taken).as("who has the uuid while %s join", pair).isEmpty();
        taken = Optional.of(pair);
        pairs++;
      }
    }

    private Optional<ModelNode.Leg> find(LegRef leg) {
      return nodes.stream()
          .filter(node -> node.inbox.getRef().equals(leg.nodeLegs()))
          .findAny()
          .map(node -> node.legs.get(leg.number()));
    }
  }
}
