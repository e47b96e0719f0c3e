package dev.rallypoint.bootstrap;

import dev.rallypoint.config.SettingException;
import dev.rallypoint.transport.tls.ClusterCertificate;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future.State;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.JoinSeedNodes;

/**
 * The steps of a node into a cluster: asking other nodes who they are, beginning a cluster, joining
 * one. Its methods block, so only the thread that starts the node calls them.
 */
final class Joiner {
  private static final Duration ANSWER = Duration.ofSeconds(2);
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final ActorSystem<?> system;
  private final ClusterIdentity identity;
  private final Optional<ClusterCertificate> certificate;
  private final JoinTimeouts timeouts;

  /** Complete once this node is a member. */
  private final CompletableFuture<Done> up = new CompletableFuture<>();

  /** Complete once this node is told to stop, or stops by itself. */
  private final CompletableFuture<Done> stopping = new CompletableFuture<>();

  Joiner(
      ActorSystem<?> system,
      ClusterIdentity identity,
      Optional<ClusterCertificate> certificate,
      JoinTimeouts timeouts) {
    this.system = system;
    this.identity = identity;
    this.certificate = certificate;
    this.timeouts = timeouts;
    org.apache.pekko.cluster.Cluster.get(system)
        .registerOnMemberUp(() -> up.complete(Done.getInstance()));
    CoordinatedShutdown.get(system)
        .addTask(
            CoordinatedShutdown.PhaseBeforeServiceUnbind(),
            "stop-joining",
            () -> {
              stopping.complete(Done.getInstance());
              return CompletableFuture.completedStage(Done.getInstance());
            });
  }

  JoinTimeouts timeouts() {
    return timeouts;
  }

  /** The address of this node, {@code host:port}. */
  String self() {
    return NodeAddress.text(Cluster.get(system).selfMember().address());
  }

  /** What to tell an operator when this node cannot join. */
  JoinRefusals refusals() {
    return new JoinRefusals(self(), certificate.map(ClusterCertificate::authority));
  }

  /**
   * Asks the nodes at these addresses who they are, and whether their database has the token.
   *
   * @return the answers within 2 seconds, or those until the first answer of a member with the same
   *     database
   */
  List<NodeIdentity> ask(Collection<String> addresses, JoinToken token) {
    CompletableFuture<NodeIdentity> member = new CompletableFuture<>();
    List<CompletableFuture<NodeIdentity>> questions =
        addresses.stream()
            .map(NodeAddress::of)
            .map(node -> IdentityResponder.ask(system, node, token, ANSWER).toCompletableFuture())
            .toList();
    for (CompletableFuture<NodeIdentity> question : questions) {
      var unused =
          question.thenAccept(identity -> {
            if (identity.isJoinable()) {
              member.complete(identity);
            }
          });
    }
    CompletableFuture<Void> all =
        CompletableFuture.allOf(questions.toArray(CompletableFuture<?>[]::new));
    CompletableFuture.anyOf(member, all.exceptionally(failure -> null)).join();
    return questions.stream()
        .filter(question -> question.state() == State.SUCCESS)
        .map(CompletableFuture::resultNow)
        .toList();
  }

  /**
   * Checks that the start goes on.
   *
   * @throws CancellationException when this node is told to stop
   */
  void checkNotStopping() {
    if (isEndedFor(CoordinatedShutdown.actorSystemTerminateReason())) {
      throw new CancellationException("told to stop while it joined");
    }
  }

  /** Waits 200 ms before the next look at the other nodes. */
  void pause() {
    checkNotStopping();
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Begins a cluster, which other nodes may join, and returns once this node is its member. */
  void begin() {
    Cluster cluster = Cluster.get(system);
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
    awaitUp(self());
  }

  /**
   * Joins the cluster of these members.
   *
   * @throws SettingException when it is not one that this node can be in
   */
  void join(List<NodeIdentity> members) {
    for (NodeIdentity member : members) {
      identity
          .refusalBy(member)
          .ifPresent(refusal -> {
            throw refusal;
          });
    }
    List<Address> seeds = members.stream().map(member -> NodeAddress.of(member.address())).toList();
    Cluster.get(system).manager().tell(new JoinSeedNodes(seeds));
    awaitUp(members.getFirst().address());
  }

  private void awaitUp(String through) {
    var unused =
        up.copy()
            .orTimeout(StartupWaitNotice.USUAL.toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete((done, late) -> {
              if (late != null && !stopping.isDone()) {
                StartupWaitNotice.log(
                    "the cluster of " + through + " to accept this node", timeouts.join());
              }
            });
    CompletableFuture.anyOf(up, stopping, system.getWhenTerminated().toCompletableFuture())
        .completeOnTimeout(Done.getInstance(), timeouts.join().toMillis(), TimeUnit.MILLISECONDS)
        .join();
    if (up.isDone()) {
      return;
    }
    checkNotStopping();
    throw isEndedFor(CoordinatedShutdown.incompatibleConfigurationDetectedReason())
        ? refusals().incompatible(through, identity.cluster())
        : refusals().notAccepted(through, timeouts.join());
  }

  private boolean isEndedFor(CoordinatedShutdown.Reason why) {
    return CoordinatedShutdown.get(system).getShutdownReason().filter(why::equals).isPresent();
  }
}
