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
   * @throws SettingException when it is an IPv6 ip and the system has no IPv6, or has no interface
   *     of the name in it
   */
  public static InetSocketAddress of(String bind, int port) {
    return of("bind", bind, port);
  }

  /** The same with the ip of another setting. */
  public static InetSocketAddress of(String setting, String bind, int port) {
    if (bind.contains(":") && !hasIpv6()) {
      throw new SettingException(setting, bind, "this system has no IPv6; write an IPv4 ip");
    }
    InetSocketAddress address =
        bind.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(bind, port);
    if (address.isUnresolved()) {
      throw new SettingException(setting, bind, "this machine has no interface of this name");
    }
    return address;
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
