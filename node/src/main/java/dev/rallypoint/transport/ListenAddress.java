package dev.rallypoint.transport;

import dev.rallypoint.config.SettingException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;

/** Where this machine listens. */
public final class ListenAddress {
  /**
   * All addresses of this machine. Java's sockets take IPv6 connections there too, where the system
   * has IPv6; {@code ::} is refused where it has not.
   */
  public static final String ALL = "0.0.0.0";

  private ListenAddress() {}

  /**
   * A port to listen on.
   *
   * @param bind the one ip of all listeners, or empty for all
   * @throws SettingException when it is an IPv6 ip and the system has no IPv6
   */
  public static InetSocketAddress of(String bind, int port) {
    if (bind.contains(":") && !hasIpv6()) {
      throw new SettingException("bind", bind, "this system has no IPv6; write an IPv4 ip");
    }
    return bind.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(bind, port);
  }

  /** Whether the system has IPv6; without it clients are served over IPv4 only. */
  public static boolean hasIpv6() {
    try {
      DatagramChannel.open(StandardProtocolFamily.INET6).close();
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
