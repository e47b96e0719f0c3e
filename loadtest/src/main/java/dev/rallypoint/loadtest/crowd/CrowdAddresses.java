package dev.rallypoint.loadtest.crowd;

import java.io.Serializable;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * From which ip each peer of a crowd comes. Offices have many peers behind one ip; a device that
 * was carried elsewhere comes from an ip that no peer at its first place has.
 *
 * @param peersBehindEach how many peers share an ip
 */
public record CrowdAddresses(int peersBehindEach) implements Serializable {
  /** Each peer has an ip of its own. */
  public static final CrowdAddresses OF_THEIR_OWN = new CrowdAddresses(1);

  private static final int FIRST_IP = (198 << 24) | (18 << 16);
  private static final int IPS = 65_000;

  /** Four bytes as an address. */
  static InetAddress ip(int number) {
    try {
      return InetAddress.getByAddress(ByteBuffer.allocate(4).putInt(number).array());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  /** Where the peer with an id begins. */
  int at(int id) {
    return FIRST_IP + id / peersBehindEach % IPS;
  }

  /** Where it comes from after it was carried away, together with some of its neighbours. */
  int elsewhere(int id) {
    return FIRST_IP + (id / peersBehindEach + IPS / 2) % IPS;
  }
}
