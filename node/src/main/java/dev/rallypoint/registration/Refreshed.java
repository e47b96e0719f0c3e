package dev.rallypoint.registration;

import com.google.protobuf.ByteString;
import dev.rallypoint.cluster.ClusterMessage;

/**
 * An entity's answer to a heartbeat.
 *
 * @param keyRequired whether the peer must send RegisterPk before it is found at this address
 * @param epoch the home's, or 0 where the peer is not at home there
 * @param key the peer's stored key, where it is at home
 */
public record Refreshed(boolean keyRequired, long epoch, ByteString key) implements ClusterMessage {
  static final Refreshed KEY_REQUIRED = new Refreshed(true, 0, ByteString.EMPTY);

  /** A renewal or a heartbeat came too late: the peer has taken another home meanwhile. */
  static final Refreshed SUPERSEDED = new Refreshed(false, 0, ByteString.EMPTY);

  boolean isAtHome() {
    return epoch != 0;
  }
}
