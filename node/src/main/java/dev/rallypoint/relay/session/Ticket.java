package dev.rallypoint.relay.session;

import com.google.protobuf.ByteString;
import java.security.MessageDigest;
import java.util.random.RandomGenerator;

/**
 * The first bytes of a backhaul connection, which admit it once, to one session. The first half is
 * looked up, the second half proves it. Never written to a log.
 *
 * @param bytes {@link #SIZE} random ones, or none
 */
public record Ticket(ByteString bytes) {
  /** Bytes of a ticket. */
  public static final int SIZE = 32;

  /** The byte that answers a ticket that was accepted. */
  public static final byte ACCEPTED = 1;

  /** No ticket: both legs are on one node. */
  static final Ticket NONE = new Ticket(ByteString.EMPTY);

  /** A new ticket, drawn from a cryptographically strong source. */
  public static Ticket draw(RandomGenerator random) {
    byte[] bytes = new byte[SIZE];
    random.nextBytes(bytes);
    return new Ticket(ByteString.copyFrom(bytes));
  }

  /** Whether it admits nothing. */
  public boolean isNone() {
    return bytes.isEmpty();
  }

  /** The half by which it is looked up. */
  public ByteString name() {
    return bytes.substring(0, SIZE / 2);
  }

  /** Whether two are equal, compared in constant time. */
  public boolean isSame(Ticket other) {
    return MessageDigest.isEqual(bytes.toByteArray(), other.bytes.toByteArray());
  }

  @Override
  public String toString() {
    return isNone() ? "Ticket[none]" : "Ticket[secret]";
  }
}
