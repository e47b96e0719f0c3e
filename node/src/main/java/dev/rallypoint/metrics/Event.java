package dev.rallypoint.metrics;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Events that are counted. */
public enum Event {
  /** Datagrams received. */
  DATAGRAMS_RECEIVED,
  /** Datagrams sent. */
  DATAGRAMS_SENT,
  /** Heartbeats that a lease covered. */
  HEARTBEATS_FROM_LEASE,
  /** Heartbeats that the entity was asked about. */
  HEARTBEATS_FROM_ENTITY,
  /** RegisterPk messages accepted. */
  REGISTRATIONS_ACCEPTED,
  /** RegisterPk messages refused with a verdict. */
  REGISTRATIONS_REFUSED,
  /** New ids kept in memory at first, because more came than are stored. */
  IDS_PROVISIONAL(
      "new ids by UDP over new-ids-per-address, new-ids-per-second or new-ids-per-day were served from memory; they are stored when their devices have kept beating for minutes"),
  /** Ids let go, because they were never seen after their first day. */
  IDS_LET_GO,
  /** Ids changed by their clients. */
  IDS_CHANGED,
  /** Registration connections closed or left, and their peers offline with them. */
  LINKS_LEFT,
  /** WebSocket connections opened. */
  WEB_SOCKETS_OPENED,
  /** HealthCheck links opened. */
  HEALTH_LINKS,
  /** HTTP API calls that came over the ID server. */
  API_CALLS,
  /** HTTP requests that came to api-port and got 404. */
  API_REQUESTS,
  /** Peers that stopped their heartbeats. */
  PEERS_LAPSED,
  /** Peers found by a lease, because their entity was away. */
  PEERS_FOUND_BY_LEASE,
  /** TCP connections accepted that no limit and no list refused. */
  CONNECTIONS_ACCEPTED,
  /** Connections whose client a trusted proxy named. */
  CONNECTIONS_PROXIED,
  /** Connections begun with TLS. */
  CONNECTIONS_TLS,
  /** Times that a connection was not read for a while, because it sent frames over its pace. */
  CONNECTIONS_PAUSED("connections that sent frames over their pace were read at that pace"),
  /** Requests whose forwarding headers were not believed, because their sender is not trusted. */
  FORWARDING_IGNORED,
  /** Requests of a trusted proxy whose forwarding headers were unreadable or contradictory. */
  FORWARDING_UNCLEAR,
  /** Certificates read again because their files changed. */
  CERTIFICATES_RELOADED,
  /** Changed certificate files that could not be used. */
  CERTIFICATES_REFUSED,
  /** Connections secured by a KeyExchange. */
  CONNECTIONS_SECURED,
  /** Punch requests. */
  PUNCH_REQUESTS,
  /** Punch requests refused with an answer. */
  PUNCH_REFUSALS,
  /** Relay requests on the ID server. */
  RELAY_REQUESTS,
  /** Relay requests on the ID server refused with an answer. */
  RELAY_REFUSALS,
  /** Pushes that were sent again because their target had registered at another place. */
  PUSHES_REPEATED,
  /** Relays in relay requests or unproven answers that were replaced by ours. */
  RELAYS_REPLACED,
  /** Targets' answers handed to their requesters. */
  ANSWERS_DELIVERED,
  /** Answers whose requester was found by asking all nodes. */
  ANSWERS_FOUND_BY_SEARCH,
  /** Online queries. */
  ONLINE_QUERIES,
  /** NAT tests answered, TCP and UDP. */
  NAT_TESTS,
  /** Relay legs whose first frame was taken. */
  RELAY_LEGS,
  /** Relay sessions begun; one whose legs are on two nodes begins on each. */
  RELAY_SESSIONS,
  /** Relay sessions downgraded to the limited speed. */
  RELAY_DOWNGRADES,
  /** Bytes relayed, both directions. */
  RELAY_BYTES,
  /** Relay sessions begun whose other leg is on another node. */
  BACKHAUL_SESSIONS,
  /** Relayed bytes of such sessions, both directions; they are relayed bytes too. */
  BACKHAUL_BYTES;

  private final @Nullable String limit;

  Event() {
    this.limit = null;
  }

  Event(String limit) {
    this.limit = limit;
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
