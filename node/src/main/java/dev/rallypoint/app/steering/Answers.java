package dev.rallypoint.app.steering;

import dev.rallypoint.policy.Diagnosis;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the management port answers about the cluster. In each, {@code missing} nodes said nothing.
 */
public final class Answers {
  private Answers() {}

  /** The nodes. */
  public record Nodes(List<NodeLine> nodes, List<String> missing) {}

  /**
   * A node.
   *
   * @param state its status as a member, {@code unreachable}, or {@code draining}
   * @param isLeader whether it confirms members that join and leave
   * @param since when this run of it began; what it says of itself is empty while it is missing
   */
  public record NodeLine(
      String node,
      String state,
      List<String> roles,
      boolean isLeader,
      Optional<String> version,
      Optional<Instant> since,
      Optional<Work> work) {}

  /**
   * What a node, or all of them together, has to do.
   *
   * @param peers registered there
   * @param sessions relayed there; over all nodes a session over two nodes is one
   * @param punches requests since the start, over all nodes since the start of each
   */
  public record Work(
      int peers,
      int sessions,
      long bytesPerSecond,
      long punches,
      long registrations,
      long refusals) {}

  /**
   * The cluster in one answer.
   *
   * @param node that was asked
   * @param nodes how many there are
   * @param peersStored rows in the database; empty while it does not answer
   */
  public record Status(
      String node,
      String version,
      Instant since,
      int nodes,
      Optional<Long> peersStored,
      Work work,
      List<String> missing) {}

  /**
   * The relay sessions, the busiest first.
   *
   * @param all how many there are; fewer may be listed
   */
  public record Sessions(int all, List<SessionLine> sessions, List<String> missing) {}

  /**
   * A relay session.
   *
   * @param a the controlling side's address
   * @param b the controlled side's address
   * @param nodes the node of a, and behind it that of b where it is another
   * @param type what it is for
   * @param isLimited whether it has the limited speed
   */
  public record SessionLine(
      String uuid,
      String a,
      String b,
      List<String> nodes,
      String type,
      long seconds,
      Bytes bytes,
      boolean isLimited) {}

  /** Bytes of a session, both ways together. */
  public record Bytes(long all, long perSecond) {}

  /** What was cut: the nodes that had a part of the session. */
  public record Cut(String uuid, List<String> nodes, List<String> missing) {}

  /**
   * A page of peers, in the order of their ids.
   *
   * @param next the id to ask for the next page with; empty behind the last one
   */
  public record Peers(List<PeerLine> peers, Optional<String> next, List<String> missing) {}

  /**
   * A peer.
   *
   * @param home where it is registered; empty for one that is offline
   * @param ip the ip it last registered from, as the database has it
   */
  public record PeerLine(
      String id,
      boolean isOnline,
      Optional<HomeLine> home,
      Optional<String> ip,
      Optional<Instant> stored,
      Optional<LocalDate> lastSeen) {}

  /**
   * Where a peer is registered.
   *
   * @param way {@code udp}, {@code tcp} or {@code websocket}
   */
  public record HomeLine(String node, String address, String way, Instant since, Instant heard) {}

  /** What became of an id that was to be deleted. */
  public record Freed(String id, String outcome) {}

  /**
   * All that explains how an id fares.
   *
   * @param homes where it is registered; more than one for moments only
   * @param device what its device last said of itself
   * @param refusals of the id, the newest first
   * @param steps what would happen to a request
   */
  public record Explanation(
      String id,
      Optional<RequesterLine> from,
      List<HomeLine> homes,
      Optional<DeviceLine> device,
      List<RefusalLine> refusals,
      List<Diagnosis.Step> steps,
      List<String> missing) {
    /** With a step more, where a request gets so far. */
    Explanation with(Optional<Diagnosis.Step> step) {
      boolean isStopped = steps.stream().anyMatch(one -> one.outcome() == Diagnosis.Outcome.FAULT);
      return isStopped || step.isEmpty()
          ? this
          : new Explanation(
              id,
              from,
              homes,
              device,
              refusals,
              Stream.concat(steps.stream(), step.stream()).toList(),
              missing);
    }
  }

  /** Who asks, with its last refusals. */
  public record RequesterLine(
      String given, String host, Optional<DeviceLine> device, List<RefusalLine> refusals) {}

  /** What a client last said of itself. */
  public record DeviceLine(Instant at, String nat, String version) {}

  /** A refusal. */
  public record RefusalLine(Instant at, String node, String id, String address, String reason) {}

  /** The rules that hold for all nodes. */
  public record Limits(List<LimitLine> limits) {}

  /**
   * A rule.
   *
   * @param value as it is in force on the node that was asked; entries of a list are lines
   * @param isShared whether an operator has set it for all nodes; else each node's own setting
   *     holds, or its file
   * @param changed when that was
   */
  public record LimitLine(String name, String value, boolean isShared, Optional<Instant> changed) {}

  /** A rule that was changed, and the nodes that do not have it now. */
  public record LimitSet(LimitLine limit, List<String> refusals, List<String> missing) {}
}
