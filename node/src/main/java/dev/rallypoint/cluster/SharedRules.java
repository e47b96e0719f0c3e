package dev.rallypoint.cluster;

import dev.rallypoint.time.WallClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Extension;
import org.apache.pekko.actor.typed.ExtensionId;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ClusterEvent.ClusterDomainEvent;
import org.apache.pekko.cluster.ClusterEvent.MemberUp;
import org.apache.pekko.cluster.ClusterEvent.ReachableMember;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules that operators change for the whole cluster while it runs: lists, limits, the relays. A
 * change is stored first, and then told to all nodes. A node that missed it learns it when it
 * joins, when it can be reached again, or from the database within half a minute. A value that a
 * node cannot use is logged, and the last good one stays in force there. Safe for all threads.
 */
public final class SharedRules implements Extension {
  private static final Logger LOG = LoggerFactory.getLogger(SharedRules.class);
  private static final String ACTOR = "shared-rules";
  private static final Duration TIMEOUT = Duration.ofSeconds(3);
  private static final Duration READ_AGAIN = Duration.ofSeconds(30);

  /** Said to who changes a rule while another operator does. */
  private static final String LATER = "a later change of it holds";

  /** No node knows more rules than there are; a stranger name is refused before. */
  private static final int MAX_RULES = 64;

  private final ActorSystem<?> system;
  private final ConcurrentMap<String, SharedRule> rules = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Follower> followers = new ConcurrentHashMap<>();

  /** The rules of the last warnings, by their names: each one is told of once. */
  private final ConcurrentMap<String, SharedRule> unusable = new ConcurrentHashMap<>();

  private volatile RuleKeeper keeper = RuleKeeper.NONE;

  /** What a part of the node does with a rule. */
  @FunctionalInterface
  public interface Follower {
    /**
     * Checks a value and returns what puts it in force; an empty one is the node's own setting.
     *
     * @throws RuntimeException when it cannot be used, with a message for the operator
     */
    Runnable prepared(SharedRule rule);
  }

  /**
   * What became of a change.
   *
   * @param refusals a line for each node that cannot use the value
   * @param missing the nodes that did not answer; they learn it later
   */
  public record Outcome(SharedRule rule, List<String> refusals, List<String> missing) {}

  /** The messages of the actor. */
  sealed interface Command {}

  /** A rule that another node has changed. */
  record Apply(SharedRule rule, ActorRef<Applied> replyTo) implements Command, ClusterMessage {}

  /** The answer: the node's name, and why it cannot use the value, or empty. */
  record Applied(String node, String refusal) implements ClusterMessage {}

  /** Asks for the rules that a node knows. */
  record Ask(ActorRef<Known> replyTo) implements Command, ClusterMessage {}

  /** The answer to {@link Ask}. */
  record Known(List<SharedRule> rules) implements ClusterMessage {}

  private record MembersChanged(ClusterDomainEvent event) implements Command {}

  private enum Tick implements Command {
    INSTANCE
  }

  /** The one of an actor system. */
  private static final class Id extends ExtensionId<SharedRules> {
    static final Id INSTANCE = new Id();

    @Override
    public SharedRules createExtension(ActorSystem<?> system) {
      return new SharedRules(system);
    }
  }

  private SharedRules(ActorSystem<?> system) {
    this.system = system;
    new VitalPart(system, ACTOR).spawn(behavior(), ACTOR, DispatcherSelector.blocking());
  }

  /** The rules of a node, which are kept nowhere before {@link #keepIn}. */
  public static SharedRules get(ActorSystem<?> system) {
    return system.registerExtension(Id.INSTANCE);
  }

  /** Keeps the rules from now on, and takes over those that were kept; complete once it has. */
  public CompletionStage<Void> keepIn(RuleKeeper where) {
    keeper = where;
    return where.rules().thenAccept(kept -> kept.forEach(this::accept));
  }

  /** Puts a rule in force here whenever it changes, and now if there is one. */
  public synchronized void follow(String name, Follower follower) {
    followers.put(name, follower);
    find(name).ifPresent(this::enforce);
  }

  /** The rule of a name, if an operator has made one. */
  public Optional<SharedRule> find(String name) {
    return Optional.ofNullable(rules.get(name));
  }

  /**
   * Changes a rule on all nodes. The stage fails when the value cannot be used here, or cannot be
   * stored; nothing has changed then.
   */
  public CompletionStage<Outcome> change(String name, String value, WallClock clock) {
    return change(name, before -> value, clock);
  }

  /**
   * The same for a value that is made from the one before, such as a list with one entry more. Of
   * two such changes at once, at any nodes that share a database, the second one is made from the
   * value of the first: none is lost.
   *
   * @param edit makes the value from that of the rule, or from nothing where there is no rule yet;
   *     called again when somebody else was faster. What it throws is why the stage fails
   */
  public CompletionStage<Outcome> change(
      String name, Function<Optional<String>, String> edit, WallClock clock) {
    return new RuleEdit(this, keeper, name, edit, clock).make();
  }

  /** Changes a rule on all nodes, as of the time in it; a later change that was made stays. */
  public CompletionStage<Outcome> change(SharedRule rule) {
    try {
      check(rule);
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
    return keeper.save(rule).thenCompose(saved -> tellAll(rule));
  }

  /** Whether a rule can be used here; throws what is wrong with it. */
  void check(SharedRule rule) {
    if (rule.value().length() > SharedRule.MAX_VALUE) {
      throw new IllegalArgumentException(
          rule.name() + " is too long: at most " + SharedRule.MAX_VALUE + " characters");
    }
    prepared(rule);
  }

  /** Puts a rule that is stored in force on all nodes. */
  CompletionStage<Outcome> tellAll(SharedRule rule) {
    accept(rule); // where the node is no member yet
    return NodeSurvey.<Command, Applied>ask(
            system, ACTOR, replyTo -> new Apply(rule, replyTo), TIMEOUT)
        .thenApply(answers ->
            new Outcome(
                rule,
                answers.values().stream()
                    .filter(answer -> !answer.refusal.isEmpty())
                    .map(answer -> answer.node + ": " + answer.refusal)
                    .toList(),
                answers.missing()));
  }

  private Runnable prepared(SharedRule rule) {
    Follower follower = followers.get(rule.name());
    return follower == null ? () -> {} : follower.prepared(rule);
  }

  /**
   * Takes a rule over unless a later one is known; what is wrong with it, or empty. One at a time:
   * else the earlier of two changes may be put in force after the later one, and stays so.
   */
  synchronized String accept(SharedRule rule) {
    SharedRule known = rules.get(rule.name());
    if (known == null && rules.size() >= MAX_RULES || rule.equals(known)) {
      return "";
    }
    if (known != null && !rule.isNewerThan(known)) {
      return LATER;
    }
    String refusal = enforce(rule);
    if (refusal.isEmpty()) {
      rules.put(rule.name(), rule);
    }
    return refusal;
  }

  private String enforce(SharedRule rule) {
    try {
      prepared(rule).run();
      unusable.remove(rule.name());
      return "";
    } catch (RuntimeException e) {
      if (!rule.equals(unusable.put(rule.name(), rule))) {
        LOG.warn(
            "the rule {} of the cluster cannot be used here, the last one stays in force: {}",
            rule.name(),
            e.getMessage());
      }
      return String.valueOf(e.getMessage());
    }
  }

  private Behavior<Command> behavior() {
    return Behaviors.setup(context -> {
      ActorRef<ClusterDomainEvent> events =
          context.messageAdapter(ClusterDomainEvent.class, MembersChanged::new);
      Cluster.get(system).subscriptions().tell(Subscribe.create(events, ClusterDomainEvent.class));
      return Behaviors.withTimers(timers -> {
        timers.startTimerWithFixedDelay(Tick.INSTANCE, READ_AGAIN);
        return Behaviors.receiveMessage(command -> {
          onCommand(command);
          return Behaviors.same();
        });
      });
    });
  }

  private void onCommand(Command command) {
    switch (command) {
      case Apply(SharedRule rule, ActorRef<Applied> replyTo) -> {
        String refusal = learn(rule);
        String self = NodeSurvey.name(Cluster.get(system).selfMember().address());
        replyTo.tell(new Applied(self, refusal));
      }
      case Ask(ActorRef<Known> replyTo) -> replyTo.tell(new Known(new ArrayList<>(rules.values())));
      case MembersChanged(MemberUp _), MembersChanged(ReachableMember _) -> askAll();
      case MembersChanged(ClusterDomainEvent _) -> {}
      case Tick.INSTANCE -> {
        var unused = keeper.rules().thenAccept(kept -> kept.forEach(this::accept));
      }
    }
  }

  /** A rule of another node, which may have a store of its own. */
  private String learn(SharedRule rule) {
    boolean isNew = find(rule.name()).filter(known -> !rule.isNewerThan(known)).isEmpty();
    String refusal = accept(rule);
    if (isNew && refusal.isEmpty()) {
      var unused =
          keeper
              .save(rule)
              .exceptionally(failure -> {
                LOG.warn("the rule {} could not be stored: {}", rule.name(), failure.getMessage());
                return null;
              });
    }
    return refusal;
  }

  private void askAll() {
    var unused =
        NodeSurvey.<Command, Known>ask(system, ACTOR, Ask::new, TIMEOUT)
            .thenAccept(
                answers -> answers.values().forEach(known -> known.rules.forEach(this::learn)));
  }
}
