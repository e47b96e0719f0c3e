package dev.rallypoint.metrics;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Events that are counted. */
public enum Event {
  /** Datagrams that came to the ID server's UDP port. */
  DATAGRAMS_RECEIVED("Datagrams that came to the ID server's UDP port."),
  /** Datagrams that the ID server sent: answers and pushes. */
  DATAGRAMS_SENT("Datagrams that the ID server sent: answers and pushes."),
  /** Heartbeats by UDP that a lease covered: answered from memory, without an entity. */
  HEARTBEATS_FROM_LEASE(
      "Heartbeats by UDP that a lease covered: answered from memory, without an entity."),
  /** Heartbeats by UDP that no lease covered, so that the entity of the id was asked. */
  HEARTBEATS_FROM_ENTITY(
      "Heartbeats by UDP that no lease covered, so that the entity of the id was asked."),
  /** Heartbeats by UDP that no lease covered, answered from the stored row without an entity. */
  HEARTBEATS_FROM_STORE(
      "Heartbeats by UDP that no lease covered, answered from the stored row without an entity."),
  /** RegisterPk messages that were answered with OK. */
  REGISTRATIONS_ACCEPTED("RegisterPk messages that were answered with OK."),
  /** New ids that are kept in memory at first, because more came than are stored. */
  IDS_PROVISIONAL(
      "New ids that are kept in memory at first, because more came than are stored.",
      "new ids by UDP over new-ids-per-address, new-ids-per-second or new-ids-per-day were served from memory; they are stored when their devices have kept beating for minutes"),
  /** Stored ids that were deleted, because their device was never seen after its first day. */
  IDS_LET_GO(
      "Stored ids that were deleted, because their device was never seen after its first day."),
  /** Ids that their clients changed. */
  IDS_CHANGED("Ids that their clients changed."),
  /** Devices that were seen beside another one of the same identity. */
  DEVICES_CLONED(
      "Devices that were seen beside another one of the same identity, once in an hour each."),
  /** Registration connections that were closed, by which their peers went offline. */
  LINKS_LEFT("Registration connections that were closed, by which their peers went offline."),
  /** WebSocket connections that were upgraded, to the ID server and to the relay. */
  WEB_SOCKETS_OPENED(
      "WebSocket connections that were upgraded, to the ID server and to the relay."),
  /** Connections that a client opened to see whether the server is there (HealthCheck). */
  HEALTH_LINKS(
      "Connections that a client opened to see whether the server is there (HealthCheck)."),
  /** Calls of the HTTP API that clients sent over a connection to the ID server. */
  API_CALLS("Calls of the HTTP API that clients sent over a connection to the ID server."),
  /** Punch and relay requests that were served though nobody could tell who may. */
  ACCESS_UNCHECKED(
      "Punch and relay requests that were served though the database of accounts did not answer."),
  /** HTTP requests for the API that came to api-port and https-port. */
  API_REQUESTS("HTTP requests for the API that came to api-port and https-port."),
  /** Peers that went offline because their heartbeats stopped. */
  PEERS_LAPSED("Peers that went offline because their heartbeats stopped."),
  /** Peers that were found in the lease books of nodes, because their entity was away. */
  PEERS_FOUND_BY_LEASE(
      "Peers that were found in the lease books of nodes, because their entity was away."),
  /** TCP connections of clients that no limit and no list refused, on all listeners. */
  CONNECTIONS_ACCEPTED(
      "TCP connections of clients that no limit and no list refused, on all listeners."),
  /** Connections whose client a trusted proxy named. */
  CONNECTIONS_PROXIED("Connections whose client a trusted proxy named."),
  /** Connections of clients that began with TLS. */
  CONNECTIONS_TLS("Connections of clients that began with TLS."),
  /** Times that a connection was not read for a while, because it sent frames over its pace. */
  CONNECTIONS_PAUSED(
      "Times that a connection was not read for a while, because it sent frames over its pace.",
      "connections that sent frames over their pace were read at that pace"),
  /**
   * Requests whose forwarding headers were not believed, because their sender is no trusted proxy.
   */
  FORWARDING_IGNORED(
      "Requests whose forwarding headers were not believed, because their sender is no trusted proxy."),
  /** Requests of a trusted proxy whose forwarding headers were unreadable or contradictory. */
  FORWARDING_UNCLEAR(
      "Requests of a trusted proxy whose forwarding headers were unreadable or contradictory."),
  /** Times that the certificate for clients was read again because its files changed. */
  CERTIFICATES_RELOADED(
      "Times that the certificate for clients was read again because its files changed."),
  /** Changed certificate files that could not be used; the old certificate stays. */
  CERTIFICATES_REFUSED(
      "Changed certificate files that could not be used; the old certificate stays."),
  /** Connections to the ID server that were encrypted by a KeyExchange. */
  CONNECTIONS_SECURED("Connections to the ID server that were encrypted by a KeyExchange."),
  /** PunchHoleRequest messages: clients that want to connect to a device, repetitions included. */
  PUNCH_REQUESTS(
      "PunchHoleRequest messages: clients that want to connect to a device, repetitions included."),
  /** RequestRelay messages to the ID server, from clients whose direct connection failed. */
  RELAY_REQUESTS(
      "RequestRelay messages to the ID server, from clients whose direct connection failed."),
  /** Pushes that were sent again because their target had registered at another place. */
  PUSHES_REPEATED(
      "Pushes that were sent again because their target had registered at another place."),
  /** Relays in relay requests or unproven answers that were replaced by ours. */
  RELAYS_REPLACED("Relays in relay requests or unproven answers that were replaced by ours."),
  /** Answers of targets that were handed to their requesters. */
  ANSWERS_DELIVERED("Answers of targets that were handed to their requesters."),
  /** Answers of targets whose requester was found by asking all nodes. */
  ANSWERS_FOUND_BY_SEARCH("Answers of targets whose requester was found by asking all nodes."),
  /** Questions of clients which ids of their address book are online. */
  ONLINE_QUERIES("Questions of clients which ids of their address book are online."),
  /** NAT tests of clients that were answered, by TCP and UDP; health checks are not counted. */
  NAT_TESTS(
      "NAT tests of clients that were answered, by TCP and UDP; health checks are not counted."),
  /** Connections to the relay whose first frame was taken. */
  RELAY_LEGS("Connections to the relay whose first frame was taken."),
  /**
   * Relay sessions that began; one over two nodes is counted by the node of the requester's side.
   */
  RELAY_SESSIONS(
      "Relay sessions that began; one over two nodes is counted by the node of the requester's side."),
  /**
   * Relay sessions that got the limited speed because they used too much; counted as sessions are.
   */
  RELAY_DOWNGRADES(
      "Relay sessions that got the limited speed because they used too much; counted as sessions are."),
  /** Payload bytes that were relayed, both directions; counted as sessions are. */
  RELAY_BYTES("Payload bytes that were relayed, both directions; counted as sessions are."),
  /** Relay sessions that began with their legs on two nodes; they are relay sessions too. */
  BACKHAUL_SESSIONS(
      "Relay sessions that began with their legs on two nodes; they are relay sessions too."),
  /** Relayed bytes of such sessions, both directions; they are relayed bytes too. */
  BACKHAUL_BYTES("Relayed bytes of such sessions, both directions; they are relayed bytes too.");

  private final String help;
  private final @Nullable String limit;

  Event(String help) {
    this.help = help;
    this.limit = null;
  }

  Event(String help, String limit) {
    this.help = help;
    this.limit = limit;
  }

  /** What is counted, in one sentence: the metric's HELP text. */
  public String help() {
    return help;
  }

  /** What a limit did, in words for the log; null for all other events. */
  @Nullable String limit() {
    return limit;
  }

  /** The metric's name without its prefix, such as {@code relay_bytes}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
