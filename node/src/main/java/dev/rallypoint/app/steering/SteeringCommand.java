package dev.rallypoint.app.steering;

import dev.rallypoint.cluster.ClusterMessage;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * The questions of operators to one node, and its answers. A node of an earlier version has no
 * actor for them; it is named as one that did not answer.
 */
sealed interface SteeringCommand {
  /** The name of the actor on each node. */
  String ACTOR = "steering";

  /** What the node is and does. */
  record DescribeNode(ActorRef<NodeReport> replyTo) implements SteeringCommand, ClusterMessage {}

  /**
   * The answer to {@link DescribeNode}.
   *
   * @param node the name of the node
   * @param started milliseconds since 1970
   */
  record NodeReport(String node, String version, long started, boolean isDraining, Load load)
      implements ClusterMessage {}

  /**
   * What a node has to do.
   *
   * @param peers registered there
   * @param sessions relayed there; a session over two nodes is one of both
   * @param halves those of them that are over two nodes
   * @param bytesPerSecond relayed to and from clients of the node, in the last second or so
   * @param punches requests since its start
   * @param registrations accepted since its start
   * @param refusals of registrations and punches since its start
   */
  record Load(
      int peers,
      int sessions,
      int halves,
      long bytesPerSecond,
      long punches,
      long registrations,
      long refusals) {}

  /** The busiest relay sessions of the node. */
  record ListSessions(int most, ActorRef<SessionList> replyTo)
      implements SteeringCommand, ClusterMessage {}

  /**
   * The answer to {@link ListSessions}.
   *
   * @param all how many there are
   */
  record SessionList(String node, int all, List<Session> sessions) implements ClusterMessage {}

  /**
   * A relay session as one node has it.
   *
   * @param a the address of the controlling side's connection; empty where that is on another node
   * @param b the same of the controlled side
   * @param type what it is for
   */
  record Session(
      String uuid,
      String a,
      String b,
      String type,
      long seconds,
      long bytes,
      long bytesPerSecond,
      boolean isLimited) {}

  /** Ends the relay session of a uuid. */
  record CutSession(String uuid, ActorRef<SessionCut> replyTo)
      implements SteeringCommand, ClusterMessage {}

  /** The answer to {@link CutSession}: whether the node had a part of it. */
  record SessionCut(String node, boolean isFound) implements ClusterMessage {}

  /** A page of the peers that are registered on the node, in the order of their ids. */
  record ListPeers(String after, int most, ActorRef<PeerList> replyTo)
      implements SteeringCommand, ClusterMessage {}

  /** Those of these peers that are registered on the node. */
  record FindPeers(List<String> ids, ActorRef<PeerList> replyTo)
      implements SteeringCommand, ClusterMessage {}

  /** The answer to {@link ListPeers} and {@link FindPeers}. */
  record PeerList(String node, List<Peer> peers) implements ClusterMessage {}

  /**
   * A registered peer.
   *
   * @param way {@code udp}, {@code tcp} or {@code websocket}
   * @param sinceMillis how long ago it registered from this address
   * @param silentMillis how long ago it was heard
   */
  record Peer(String id, String address, String way, long sinceMillis, long silentMillis) {}

  /** What the node knows of an id and of a host; either may be empty. */
  record FindClient(String id, String host, ActorRef<ClientFound> replyTo)
      implements SteeringCommand, ClusterMessage {}

  /**
   * The answer to {@link FindClient}.
   *
   * @param home null where no peer of the id is registered on the node
   * @param ofId the last refusals of the id, the newest first
   * @param ofHost the same of the host
   * @param idSays what the device of the id last said of itself
   * @param hostSays what a client of the host last said of itself
   * @param lists the lists of the relay that the host is in
   */
  record ClientFound(
      String node,
      @Nullable Peer home,
      List<Refusal> ofId,
      List<Refusal> ofHost,
      Said idSays,
      Said hostSays,
      List<String> lists)
      implements ClusterMessage {}

  /** A refusal; {@code at} in milliseconds since 1970. */
  record Refusal(long at, String id, String address, String reason) {}

  /** What a client said of itself; {@code at} is 0 where it said nothing. */
  record Said(long at, String nat, String version) {
    static final Said NOTHING = new Said(0, "", "");
  }
}
