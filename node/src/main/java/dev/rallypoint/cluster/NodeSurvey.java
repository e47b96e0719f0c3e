package dev.rallypoint.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future.State;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.japi.function.Function;

/**
 * One question of an operator to all nodes of the cluster, this one included, whatever their roles.
 * A node that does not answer in time, or cannot be reached, is named.
 */
public final class NodeSurvey {
  private NodeSurvey() {}

  /**
   * The answers, in no order.
   *
   * @param missing the nodes without an answer, as {@link #name} has them
   */
  public record Answers<A>(List<A> values, List<String> missing) {}

  /**
   * Asks the system actor of a name on each node.
   *
   * @return complete when all have answered, at the timeout at the latest; it never fails
   */
  public static <Q, A> CompletionStage<Answers<A>> ask(
      ActorSystem<?> system, String actor, Function<ActorRef<A>, Q> question, Duration timeout) {
    record Asked<A>(String node, CompletableFuture<A> answer) {}
    Cluster cluster = Cluster.get(system);
    List<Asked<A>> all =
        Members.of(system)
            .filter(NodeSurvey::isServing)
            .map(member -> {
              Address address = member.address();
              CompletionStage<A> answer =
                  cluster.state().getUnreachable().contains(member)
                      ? CompletableFuture.failedStage(new IllegalStateException("unreachable"))
                      : AskPattern.ask(
                          NodeSurvey.<Q>actor(system, address, actor),
                          question,
                          timeout,
                          system.scheduler());
              return new Asked<>(name(address), answer.toCompletableFuture());
            })
            .toList();
    return CompletableFuture.allOf(
            all.stream().map(Asked::answer).toArray(CompletableFuture<?>[]::new))
        .handle((done, failure) -> {
          List<A> values = new ArrayList<>();
          List<String> missing = new ArrayList<>();
          for (Asked<A> asked : all) {
            if (asked.answer.state() == State.SUCCESS) {
              values.add(asked.answer.resultNow());
            } else {
              missing.add(asked.node);
            }
          }
          return new Answers<>(values, missing);
        });
  }

  /** What operators see as the name of a node: {@code host:port} of its cluster address. */
  public static String name(Address node) {
    return node.getHost().orElse("") + ":" + node.getPort().orElse(0);
  }

  private static boolean isServing(Member member) {
    return !member.status().equals(MemberStatus.joining())
        && !member.status().equals(MemberStatus.down())
        && !member.status().equals(MemberStatus.removed());
  }

  private static <Q> ActorRef<Q> actor(ActorSystem<?> system, Address node, String name) {
    return ActorRefResolver.get(system).resolveActorRef(node + "/system/" + name);
  }
}
