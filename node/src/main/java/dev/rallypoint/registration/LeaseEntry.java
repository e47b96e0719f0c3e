package dev.rallypoint.registration;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.identity.ShortId;
import dev.rallypoint.transport.Push;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** The lease of one peer, and when the peer was heard. Its objects are shared with others. */
class LeaseEntry {
  /** The time of {@link #heardAt} of a lease that was swept out, before it leaves the table. */
  private static final long SWEPT = Long.MIN_VALUE;

  private static final int SECOND = 1_000;
  private static final AtomicLongFieldUpdater<LeaseEntry> HEARD_AT =
      AtomicLongFieldUpdater.newUpdater(LeaseEntry.class, "heardAt");

  final long idHigh;
  final long idLow;
  private final long high;
  private final long low;
  final long epoch;
  volatile long confirmedAt;
  volatile long renewAt;
  volatile long heardAt;
  private final int sinceSecond;
  private final ActorRef<Push> writer;
  private final ByteString key;
  private final char port;
  final boolean isLink;

  private LeaseEntry(long idHigh, long idLow, Lease lease, long heardAt, long renewAt) {
    Home home = lease.home();
    this.idHigh = idHigh;
    this.idLow = idLow;
    this.high = home.address().high();
    this.low = home.address().low();
    this.port = (char) home.address().port();
    this.isLink = home.isLink();
    this.writer = home.writer();
    this.epoch = lease.epoch();
    this.key = lease.key();
    this.sinceSecond = second(heardAt);
    this.confirmedAt = heardAt;
    this.renewAt = renewAt;
    this.heardAt = heardAt;
  }

  static LeaseEntry of(PeerId id, Lease lease, long heardAt, long renewAt) {
    return ShortId.has(id)
        ? new LeaseEntry(ShortId.high(id), ShortId.low(id), lease, heardAt, renewAt)
        : new LongId(id, lease, heardAt, renewAt);
  }

  private static int second(long millis) {
    return (int) Math.floorDiv(millis, SECOND);
  }

  boolean is(long otherHigh, long otherLow, @Nullable PeerId longId) {
    return idHigh == otherHigh && idLow == otherLow;
  }

  @Nullable PeerId longId() {
    return null;
  }

  PeerId id() {
    return ShortId.of(idHigh, idLow);
  }

  PeerAddress address() {
    return new PeerAddress(high, low, port);
  }

  /** The lease, of this node. */
  Lease lease(long node) {
    return new Lease(new Home(address(), writer, node, isLink), epoch, key);
  }

  PeerAtHome shown(PeerId id, long now) {
    long since = Math.max(0, second(now) - sinceSecond) * (long) SECOND;
    return new PeerAtHome(id, address(), isLink, since, isLink ? 0 : now - heardAt);
  }

  boolean isFrom(long sourceHigh, long sourceLow, int sourcePort) {
    return low == sourceLow && high == sourceHigh && port == sourcePort;
  }

  boolean isOf(ActorRef<Push> other) {
    return writer == other || writer.equals(other);
  }

  /** Whether the peer is online: by its link, or heard so many milliseconds ago at most. */
  boolean isHeard(long now, long offlineAfter) {
    return isLink || isHeard(heardAt, now, offlineAfter);
  }

  private static boolean isHeard(long heardAt, long now, long offlineAfter) {
    return heardAt != SWEPT && now - heardAt <= offlineAfter;
  }

  /** Takes a heartbeat, unless the peer was silent for too long before. */
  boolean hear(long now, long offlineAfter) {
    while (true) {
      long last = heardAt;
      if (!isHeard(last, now, offlineAfter)) {
        return false;
      }
      if (HEARD_AT.compareAndSet(this, last, now)) {
        return true;
      }
    }
  }

  /**
   * Ends the lease of a peer that was silent for too long; true when it is to be removed. This and
   * {@link #hear} decide by one exchange which of them came first: a lease that covers a heartbeat
   * is not swept out for the silence before.
   */
  boolean sweep(long now, long offlineAfter) {
    long last = heardAt;
    return !isLink
        && !isHeard(last, now, offlineAfter)
        && HEARD_AT.compareAndSet(this, last, SWEPT);
  }

  /** The entry of an id that no {@link ShortId} is. Its first byte is that of no ASCII. */
  static final class LongId extends LeaseEntry {
    private final PeerId id;

    LongId(PeerId id, Lease lease, long heardAt, long renewAt) {
      super(high(id), 0, lease, heardAt, renewAt);
      this.id = id;
    }

    static long high(PeerId id) {
      return 0xFFL << 56 | Integer.toUnsignedLong(id.hashCode());
    }

    @Override
    boolean is(long otherHigh, long otherLow, @Nullable PeerId longId) {
      return super.is(otherHigh, otherLow, longId) && id.equals(longId);
    }

    @Override
    PeerId longId() {
      return id;
    }

    @Override
    PeerId id() {
      return id;
    }
  }
}
