package dev.rallypoint.metrics;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Why a datagram, a frame, a connection or a relay leg was not served, or was closed. */
public enum DropReason {
  /** A datagram, frame, message or connection whose handler failed by a fault of this program. */
  HANDLER_FAULT,
  /** A datagram, frame, message or connection that was not served for want of memory. */
  OUT_OF_MEMORY,
  /** A datagram that is no RendezvousMessage. */
  DATAGRAM_UNPARSABLE,
  /** A datagram without a message, or of a kind the server takes no part in. */
  DATAGRAM_UNEXPECTED,
  /** A datagram from a port or host that no answer may be sent to. */
  DATAGRAM_SOURCE,
  /** A datagram kind that is only taken over TCP, because its source is not verified. */
  DATAGRAM_UNVERIFIED,
  /** A datagram that could not be sent. */
  DATAGRAM_NOT_SENT,
  /** A datagram that the kernel dropped, because its buffer for the UDP socket was full. */
  DATAGRAM_BUFFER_FULL,
  /** A registration with an empty or oversized id, uuid or key. */
  REGISTRATION_MALFORMED,
  /** A registration over a limit. */
  REGISTRATION_TOO_FREQUENT(
      "registrations over registrations-per-address, new-ids-per-address or registrations-per-id were refused"),
  /** A provisional id that lost its place in memory to a newer one. */
  PROVISIONAL_EVICTED("new ids lost their place in memory (provisional-ids) to newer ones"),
  /** An online query over the ids that its host may name in a minute. */
  ONLINE_QUERY_TOO_FREQUENT("online queries over online-ids-per-minute were not answered"),
  /** A registration or a WebSocket that was not served because this node leaves its cluster. */
  NODE_LEAVING,
  /** A heartbeat, a RegisterPk or another question over the number that may be under way. */
  DIRECTORY_BUSY(
      "heartbeats, registrations or questions over the number that may be under way were dropped"),
  /** One of an address that has a quarter of those that are under way, when many are. */
  DIRECTORY_ADDRESS_BUSY(
      "heartbeats or registrations of an address were dropped that has its share of those under way"),
  /** A question to an entity that was not answered in time. */
  DIRECTORY_TIMEOUT,
  /** A frame that is longer than allowed. */
  FRAME_TOO_LONG,
  /** A frame or bytes for a partner to come, when all connections together hold too much. */
  FRAME_MEMORY("connections were closed because there was no memory left for what they had sent"),
  /** A frame that is no RendezvousMessage. */
  FRAME_UNPARSABLE,
  /** A frame without a message, or of a kind not taken on this port. */
  FRAME_UNEXPECTED,
  /** An encrypted frame or handshake that is not genuine. */
  FRAME_NOT_GENUINE,
  /** A connection that sent no whole first frame in time. */
  CONNECTION_SILENT,
  /** A connection over the per-address limit. */
  CONNECTION_PER_ADDRESS(
      "connections over connections-per-address, or a quarter of the places, were closed"),
  /** A connection over the node's limit. */
  CONNECTION_TOTAL(
      "connections were closed because a port had no places left (max-connections, descriptors, heap)"),
  /** A connection to cluster-port that had not proven to be a node's when newer ones came. */
  CLUSTER_PORT_LIMIT(
      "connections to cluster-port that had not proven to be of nodes were closed for newer ones"),
  /** An idle connection of the busiest address, closed to make room for another. */
  CONNECTION_EVICTED(
      "idle connections of the busiest addresses were closed to make room for others"),
  /** A connection that is none to be kept open, at the end of the time that it may take. */
  CONNECTION_OVERTIME,
  /** A connection whose reader is too slow for its answers. */
  CONNECTION_SLOW,
  /** A connection that sent hundreds of frames in a row of which none was served. */
  CONNECTION_USELESS("connections that only sent frames that are not served were closed"),
  /** A connection of a trusted proxy without a PROXY protocol header that can be taken. */
  PROXY_HEADER,
  /** A TLS connection that ended before a byte came through it, or by a record not genuine. */
  TLS_BROKEN,
  /** A TLS connection whose handshake could not begin in time, because many were under way. */
  TLS_HANDSHAKE_LIMIT("TLS connections were closed because too many handshakes were under way"),
  /** A plain connection to a port where this client must speak TLS. */
  TLS_MISSING,
  /** A connection to a WebSocket port whose handshake was not finished in time. */
  HANDSHAKE_UNFINISHED,
  /** An HTTP request to a WebSocket port that asks for no WebSocket. */
  REQUEST_NOT_WEBSOCKET,
  /** A connection to api-port that began with no HTTP request, or with one that is too long. */
  REQUEST_MALFORMED,
  /** An API call that names an id with another uuid than that which registered it. */
  API_UUID,
  /** An API call over the pace for its network or device. */
  API_TOO_FREQUENT("API calls over their pace were answered with 429"),
  /** A link that answered none of its heartbeats in time. */
  LINK_SILENT,
  /** An accept that failed, mostly for want of descriptors. */
  ACCEPT_FAILED,
  /** A target's answer for an attempt that is not pending, or for a target that was not asked. */
  ANSWER_UNASKED,
  /** A target's answer with an address that nobody can connect to. */
  ANSWER_MALFORMED,
  /** A second answer to an attempt that has been answered. */
  ANSWER_DUPLICATE,
  /**
   * A target's answer without the secret of its attempt, or an unproven one with a strange relay.
   */
  ANSWER_UNPROVEN,
  /** A RequestRelay of a host that had no punch request for the target admitted before. */
  REQUEST_UNADMITTED,
  /** A push over the rate for its target, or for one requester's pushes to it. */
  PUSH_TOO_FREQUENT("requests for one device over their rate were not passed on to it"),
  /** A push to a target by UDP that has not answered the last ones. */
  PUSH_UNANSWERED(
      "requests for a device that has not answered the last ones were not passed on to it"),
  /** A push that is longer than a datagram should be. */
  PUSH_TOO_LONG,
  /** A wrong or missing access key. */
  ACCESS_KEY,
  /** A relay leg without a usable uuid. */
  RELAY_UUID,
  /** A third leg, or a second one of the same side. */
  RELAY_TAKEN,
  /** A leg for a session that has ended. */
  RELAY_LATE,
  /** A leg whose partner did not come in time. */
  RELAY_UNPAIRED,
  /** A leg that went away while it waited. */
  RELAY_WAITER_GONE,
  /** A leg over a limit on waiting legs. */
  RELAY_WAITING_LIMIT(
      "relay connections over relay-waiting-per-address or the places for waiting ones were closed"),
  /** A leg whose partner was refused for its access key. */
  RELAY_PARTNER_REFUSED,
  /** A session or waiting leg that was closed because the relay's places ran short. */
  RELAY_EVICTED(
      "the idlest relay sessions of the addresses with most of them were ended to make room for others"),
  /** A leg whose address is in blocklist.txt. */
  RELAY_BLOCKED,
  /** A session cut because no byte moved. */
  RELAY_IDLE,
  /** A session cut because a leg took no bytes. */
  RELAY_STALLED,
  /** A session cut because the node of its other leg was lost. */
  RELAY_NODE_LOST,
  /** A session that an operator ended. */
  RELAY_CUT,
  /** A leg that came for a new session while the node drains. */
  RELAY_DRAINING,
  /** A session that ended because the drain's window was over. */
  RELAY_DRAINED,
  /** A session whose other node could not be reached, or would not take its ticket. */
  BACKHAUL_UNREACHABLE,
  /** A session whose other node did not come with its ticket in time. */
  BACKHAUL_UNMET,
  /** A connection to the Backhaul whose ticket is unknown, wrong, late or used. */
  BACKHAUL_TICKET,
  /** A connection to the Backhaul that showed no whole ticket in time. */
  BACKHAUL_SILENT,
  /** A connection to the Backhaul, or a ticket, over a limit. */
  BACKHAUL_LIMIT("connections or tickets between nodes over their limit were refused");

  private final @Nullable String limit;

  DropReason() {
    this.limit = null;
  }

  DropReason(String limit) {
    this.limit = limit;
  }

  /** What a limit did, in words for the log; null where no limit but the input is the reason. */
  @Nullable String limit() {
    return limit;
  }

  /** The label in metrics and docs, such as {@code frame_too_long}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
