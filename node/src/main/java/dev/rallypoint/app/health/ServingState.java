package dev.rallypoint.app.health;

import dev.rallypoint.cluster.VitalPart;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;

/**
 * Whether a node is one that takes clients, as far as it knows without asking its listeners. Costs
 * nothing to ask. Safe for all threads.
 */
public final class ServingState {
  private final ActorSystem<?> system;
  private final Supplier<Optional<String>> shortcoming;
  private final CompletableFuture<Done> started = new CompletableFuture<>();
  private final CompletableFuture<Done> asked = new CompletableFuture<>();
  private volatile boolean isDraining;

  /** What a node does. */
  public enum Phase {
    /** Its ports are not all open yet. */
    STARTING,
    /** It takes clients. */
    SERVING,
    /** It takes nothing new, and does not end by that. */
    DRAINING,
    /** It was told to stop, or one of its vital parts failed. */
    STOPPING;

    /** The word in answers and metrics, such as {@code serving}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The state of a node that starts.
   *
   * @param shortcoming what it cannot do for the clients that it takes, in one line
   */
  public ServingState(ActorSystem<?> system, Supplier<Optional<String>> shortcoming) {
    this.system = system;
    this.shortcoming = shortcoming;
  }

  /**
   * What the node cannot do though it takes clients, such as to store new ids while the disk is
   * full, in one line with the mend. It is no reason to send the clients that it knows elsewhere.
   */
  public Optional<String> shortcoming() {
    return shortcoming.get();
  }

  /** All ports of the node answer. */
  public void started() {
    started.complete(Done.getInstance());
  }

  /** Done once all ports of the node answer. */
  public CompletionStage<Done> whenStarted() {
    return started.minimalCompletionStage();
  }

  /** The listeners were asked once, or nobody asks them by himself. */
  public void asked() {
    asked.complete(Done.getInstance());
  }

  /**
   * Waits until the listeners were asked once. What runs then for the first time is slow, and the
   * first client does not wait for it.
   *
   * @param limit how long it waits at most
   */
  public void awaitAsked(Duration limit) {
    asked
        .copy()
        .completeOnTimeout(Done.getInstance(), limit.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }

  /** The node takes nothing new, or takes clients again. */
  public void draining(boolean drains) {
    isDraining = drains;
  }

  /** What the node does at this moment. */
  public Phase phase() {
    if (CoordinatedShutdown.get(system).getShutdownReason().isPresent()) {
      return Phase.STOPPING;
    }
    if (!started.isDone()) {
      return Phase.STARTING;
    }
    return isDraining ? Phase.DRAINING : Phase.SERVING;
  }

  /** Why clients are not to be sent to the node, in one line; empty when they may be. */
  public Optional<String> refusal() {
    return switch (phase()) {
      case STARTING -> Optional.of("the node is starting");
      case DRAINING -> Optional.of("the node drains: it takes no new clients");
      case STOPPING -> VitalPart.failure(system).or(() -> Optional.of("the node was told to stop"));
      case SERVING -> membership();
    };
  }

  /** Also asked while the cluster ends under a node that was removed from it. */
  private Optional<String> membership() {
    Cluster cluster = Cluster.get(system);
    MemberStatus status = cluster.selfMember().status();
    return !cluster.isTerminated() && status.equals(MemberStatus.up())
        ? Optional.empty()
        : Optional.of(
            "the node is not a member of its cluster: "
                + status.toString().toLowerCase(Locale.ROOT));
  }
}
