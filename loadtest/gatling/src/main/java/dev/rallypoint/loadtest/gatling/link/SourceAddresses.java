package dev.rallypoint.loadtest.gatling.link;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The own addresses of the simulated clients, used in turn. A system has some 28,000 ports for each
 * address, and a server has limits for each, so an address gets at most {@link #PEERS_PER_ADDRESS}
 * peers.
 *
 * @param addresses the addresses; none lets the system choose
 */
public record SourceAddresses(List<InetAddress> addresses) {
  /** The most long-lived peers behind one address. */
  public static final int PEERS_PER_ADDRESS = 5_000;

  /** More addresses than any run needs. */
  public static final int MOST_ADDRESSES = 65_536;

  /** The system chooses the address. */
  public static final SourceAddresses SYSTEM = new SourceAddresses(List.of());

  public SourceAddresses {
    addresses = List.copyOf(addresses);
  }

  /**
   * Consecutive IPv4 addresses; those that end with 0 or 255 are left out.
   *
   * @param first the first one, such as 127.18.0.1
   * @param count 1 to {@link #MOST_ADDRESSES}
   */
  public static SourceAddresses from(String first, int count) {
    if (count < 1 || count > MOST_ADDRESSES) {
      throw new IllegalArgumentException("1 to 65536 source addresses, not " + count);
    }
    try {
      byte[] bytes = InetAddress.getByName(first).getAddress();
      if (bytes.length != 4) {
        throw new IllegalArgumentException("not an IPv4 address: " + first);
      }
      List<InetAddress> addresses = new ArrayList<>(count);
      for (int bits = ByteBuffer.wrap(bytes).getInt(); addresses.size() < count; bits++) {
        int last = bits & 0xFF;
        if (last != 0 && last != 255) {
          addresses.add(InetAddress.getByAddress(ByteBuffer.allocate(4).putInt(bits).array()));
        }
      }
      return new SourceAddresses(addresses);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("not an IPv4 address: " + first, e);
    }
  }

  /** The address of a user by its number, or null to let the system choose. */
  public @Nullable InetAddress of(long user) {
    return addresses.isEmpty() ? null : addresses.get(index(user));
  }

  /** The place of a user's address in the list. */
  int index(long user) {
    return (int) Math.floorMod(user, (long) addresses.size());
  }
}
