package dev.rallypoint.registration;

import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.transport.Push;
import java.util.Objects;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * Where a peer is registered: a node, and the socket or connection there that reaches the peer.
 *
 * @param address the peer's address as the node sees it, after any NAT
 * @param writer sends to the peer: by the node's UDP socket from the address that the peer asks, or
 *     by the peer's own connection
 * @param node the uid of the node's run, see {@link dev.rallypoint.cluster.OtherNodes#self}
 * @param isLink whether that is the peer's own connection. The peer is then online until it closes,
 *     and no datagram moves it.
 */
record Home(PeerAddress address, ActorRef<Push> writer, long node, boolean isLink) {

  /**
   * That a peer is registered at a home. Each registered peer's entity has one, so it holds what
   * the home consists of, not the home.
   */
  static final class Registration {
    private final long high;
    private final long low;
    private final long node;
    private final long epoch;
    private final long confirmedMillis;
    private final ActorRef<Push> writer;
    private final char port;
    private final boolean isLink;
    private final boolean isNumberedHere;

    /**
     * @param isNumberedHere whether this entity gave the epoch, to a message of the peer itself.
     *     False for a home that it was told of: an earlier incarnation gave that epoch.
     * @param confirmedMillis when the entity last heard of this home, in milliseconds of its
     *     monotonic clock
     */
    Registration(Home home, long epoch, boolean isNumberedHere, long confirmedMillis) {
      this.high = home.address.high();
      this.low = home.address.low();
      this.port = (char) home.address.port();
      this.writer = home.writer;
      this.node = home.node;
      this.isLink = home.isLink;
      this.epoch = epoch;
      this.isNumberedHere = isNumberedHere;
      this.confirmedMillis = confirmedMillis;
    }

    Home home() {
      return new Home(new PeerAddress(high, low, port), writer, node, isLink);
    }

    long node() {
      return node;
    }

    boolean isLink() {
      return isLink;
    }

    long epoch() {
      return epoch;
    }

    boolean isNumberedHere() {
      return isNumberedHere;
    }

    long confirmedMillis() {
      return confirmedMillis;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Registration same
          && epoch == same.epoch
          && isNumberedHere == same.isNumberedHere
          && confirmedMillis == same.confirmedMillis
          && home().equals(same.home());
    }

    @Override
    public int hashCode() {
      return Objects.hash(home(), epoch);
    }

    @Override
    public String toString() {
      return "Registration[home=%s, epoch=%d, isNumberedHere=%s, confirmedMillis=%d]"
          .formatted(home(), epoch, isNumberedHere, confirmedMillis);
    }
  }
}
