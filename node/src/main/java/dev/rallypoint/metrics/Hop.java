package dev.rallypoint.metrics;

import java.util.Locale;

/**
 * The messages of the ID server that may go to another node, by kind. A heartbeat that a lease
 * covers sends none.
 */
public enum Hop {
  /** To an entity: a heartbeat that no lease covers. */
  HEARTBEAT,
  /** To an entity: the slow renewal of a lease. */
  RENEWAL,
  /** To an entity: a RegisterPk, or a change of id. */
  REGISTER,
  /** To an entity: where is the peer? */
  LOCATE,
  /** To an entity: the peer is at home here no more. */
  LAPSED,
  /** To an entity: the peer is at home here, said without being asked. */
  ANNOUNCE,
  /** To a home: the peer is at home elsewhere. */
  REVOKED,
  /** To a home: the peer's entity is about to move, announce the peer to it. */
  ANNOUNCE_REQUEST,
  /** To another node: is the peer at home with you? */
  LEASE_QUERY,
  /** To another node: which of these are at home with you? */
  ONLINE_QUERY,
  /** To a punch session: a requester's connection is here, or is gone. */
  PUNCH_OPEN,
  /** To a punch session: a target's answer. */
  PUNCH_ANSWER,
  /** To another node: a target's answer whose requester no session knows. */
  PUNCH_SEARCH;

  /** The label in metrics, such as {@code heartbeat}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
