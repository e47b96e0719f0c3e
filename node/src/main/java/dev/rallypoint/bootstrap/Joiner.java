package dev.rallypoint.bootstrap;

import dev.rallypoint.bootstrap.IdentityResponder.Greeted;
import dev.rallypoint.config.ClusterSettings;
import dev.rallypoint.config.SettingException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.JoinSeedNodes;

/**
 * A node that is not a member yet. Its methods wait, so they are for the thread that starts it.
 *
 * @param system the node's
 * @param agreement what it brings
 * @param up complete once it is a member
 * @param told complete once it is told to stop, or stops by itself
 * @param timing how patient it is
 */
record Joiner(
    ActorSystem<?> system,
    ClusterIdentity agreement,
    CompletableFuture<Done> up,
    CompletableFuture<Done> told,
    JoinTimeouts timing) {
  private static final Duration QUESTION = Duration.ofSeconds(2);
  private static final Duration PROBE = Duration.ofSeconds(2);
  private static final Duration PAUSE = Duration.ofMillis(200);

  /** Where this node is, host:port. */
  String self() {
    return NodeAddress.text(Cluster.get(system).selfMember().address());
  }

  /** Who answers at these addresses; returns at once when one does that is a member. */
  List<Greeted> greet(Collection<String> addresses) {
    CompletableFuture<Greeted> member = new CompletableFuture<>();
    List<CompletableFuture<Greeted>> questions =
        addresses.stream()
            .map(address -> ask(NodeAddress.of(address)))
            .map(question ->
                question.whenComplete((greeted, failure) -> {
                  if (failure == null && greeted.member()) {
                    member.complete(greeted);
                  }
                }))
            .toList();
    CompletableFuture<Void> all =
        CompletableFuture.allOf(questions.toArray(CompletableFuture<?>[]::new));
    CompletableFuture.anyOf(member, all.exceptionally(failure -> null)).join();
    return questions.stream()
        .filter(Predicate.not(CompletableFuture::isCompletedExceptionally))
        .filter(CompletableFuture::isDone)
        .map(CompletableFuture::join)
        .toList();
  }

  private CompletableFuture<Greeted> ask(Address node) {
    return IdentityResponder.greet(system, node, QUESTION).toCompletableFuture();
  }

  /**
   * Asks whether to go on.
   *
   * @throws CancellationException when this node is told to stop
   */
  void checkNotTold() {
    if (isEndedFor(CoordinatedShutdown.actorSystemTerminateReason())) {
      throw new CancellationException("told to stop while it joined");
    }
  }

  /** Lets others get on before the next look. */
  void pause() {
    checkNotTold();
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Begins a cluster of its own, which others may join. */
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
  void join(List<Greeted> members) {
    for (Greeted member : members) {
      Optional<ClusterIdentity.Difference> difference = agreement.differenceTo(member.agreement());
      if (difference.isPresent()) {
        throw new SettingException(
            difference.get().setting(),
            difference.get().own(),
            "the node " + member.address() + " " + difference.get().mend());
      }
    }
    List<Address> seeds = members.stream().map(member -> NodeAddress.of(member.address())).toList();
    Cluster.get(system).manager().tell(new JoinSeedNodes(seeds));
    awaitUp(members.getFirst().address());
  }

  private void awaitUp(String through) {
    CompletableFuture.delayedExecutor(StartupWaitNotice.USUAL.toMillis(), TimeUnit.MILLISECONDS)
        .execute(() -> {
          if (!up.isDone() && !told.isDone()) {
            StartupWaitNotice.say(
                "the cluster of " + through + " to take this node in", timing.join());
          }
        });
    CompletableFuture.anyOf(up, told, system.getWhenTerminated().toCompletableFuture())
        .completeOnTimeout(Done.getInstance(), timing.join().toMillis(), TimeUnit.MILLISECONDS)
        .join();
    if (up.isDone()) {
      return;
    }
    checkNotTold();
    boolean isRefused = isEndedFor(CoordinatedShutdown.incompatibleConfigurationDetectedReason());
    throw new SettingException(
        isRefused ? ClusterSettings.NAME : ClusterSettings.HOST,
        isRefused ? agreement.cluster() : self(),
        isRefused
            ? "the cluster of "
                + through
                + " refuses this node; compare cluster-name, key and the program's version, its"
                + " log names what differs"
            : "the cluster of "
                + through
                + " did not take this node in within "
                + timing.join().toSeconds()
                + "s; look at its log and start this node again");
  }

  private boolean isEndedFor(CoordinatedShutdown.Reason why) {
    return CoordinatedShutdown.get(system).getShutdownReason().filter(why::equals).isPresent();
  }

  /** What to tell an operator of a node that is there and does not answer. */
  SettingException unreachable(String node) {
    Address there = NodeAddress.of(node);
    String host = there.host().get();
    String self = self();
    if (AdvertisedAddress.isLoopback(host)
        != AdvertisedAddress.isLoopback(self.replaceFirst(":\\d+$", ""))) {
      return new SettingException(
          ClusterSettings.HOST,
          self,
          "the node "
              + node
              + " and this one cannot both be right: an address of loopback is reached from its own"
              + " machine only; write "
              + ClusterSettings.HOST
              + " on both");
    }
    return new SettingException(
        ClusterSettings.HOST,
        self,
        probe(host, (int) there.port().get())
            .map(fault ->
                "the node "
                    + node
                    + " cannot be reached from here ("
                    + fault
                    + "); open "
                    + ClusterSettings.PORT
                    + " between the nodes, or mend "
                    + ClusterSettings.HOST
                    + " there")
            .orElse(
                "the node "
                    + node
                    + " takes connections and does not answer: it must reach this node at "
                    + self
                    + ", and all nodes or none must have cluster-tls-certificate"));
  }

  private static Optional<String> probe(String host, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), (int) PROBE.toMillis());
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
