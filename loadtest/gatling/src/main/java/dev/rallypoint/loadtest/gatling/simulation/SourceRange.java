package dev.rallypoint.loadtest.gatling.simulation;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** Gives each generator source addresses of its own. */
final class SourceRange {
  private SourceRange() {}

  /** An IPv4 address so many above another. */
  static String shifted(String first, int by) {
    try {
      byte[] bytes = InetAddress.getByName(first).getAddress();
      if (bytes.length != 4) {
        throw new IllegalArgumentException("not an IPv4 address: " + first);
      }
      int bits = ByteBuffer.wrap(bytes).getInt() + by;
      return InetAddress.getByAddress(ByteBuffer.allocate(4).putInt(bits).array()).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("not an IPv4 address: " + first, e);
    }
  }
}
