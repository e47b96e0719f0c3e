package dev.rallypoint.metrics;

import java.util.Locale;

/**
 * Kinds of messages of the ID server that may go to another node. A heartbeat that a lease covers
 * sends none.
 */
public enum Hop {
  /** To an entity: a heartbeat that no lease covers. */
  HEARTBEAT,
  /** To an entity: the renewal of a lease. */
  RENEWAL,
  /** To an entity: a RegisterPk, or a change of id. */
  REGISTER,
  /** To an entity: the question where its peer is. */
  LOCATE,
  /** To an entity: its id was not seen after its first day; let it go. */
  LET_GO,
  /** To an entity: an operator has its id deleted. */
  FREE,
  /** To an entity: the peer fell silent or closed its connection here. */
  LAPSED,
  /** To an entity: the peer is registered here; sent without being asked. */
  ANNOUNCE,
  /** To a home: the peer has registered at another home. */
  REVOKED,
  /** To a home: the entity is about to move; announce the peer to it. */
  ANNOUNCE_REQUEST,
  /** To another node: the question for its lease of a peer. */
  LEASE_QUERY,
  /** To another node: the question which of many peers are registered there. */
  ONLINE_QUERY,
  /** To a punch session: a requester's connection is here, or is gone. */
  PUNCH_OPEN,
  /** To a punch session: a target's answer. */
  PUNCH_ANSWER,
  /** To another node: a target's answer whose requester no session knows. */
  PUNCH_SEARCH,
  /** To another node: the question whether it admitted a punch request. */
  PUNCH_ADMISSION,
  /** To a home: the peer has answered a push. */
  PUSH_ANSWERED;

  /** The label in metrics, such as {@code heartbeat}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
