package dev.rallypoint.loadtest.gatling.client;

import dev.rallypoint.loadtest.gatling.link.ServerAddress;
import dev.rallypoint.loadtest.gatling.link.Way;
import dev.rallypoint.protocol.proto.RelayResponse;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where and how a requester joins a relayed session that a server has arranged.
 *
 * @param target the id of the peer that waits there
 * @param uuid the name of the session
 * @param relay the TCP port of the relay
 */
public record RelayTicket(String target, String uuid, InetSocketAddress relay) {
  private static final Pattern ADDRESS = Pattern.compile("(\\d+\\.\\d+\\.\\d+\\.\\d+)(?::(\\d+))?");

  /** The ticket in a RelayResponse. */
  public static RelayTicket of(String target, RelayResponse answer, ServerAddress server) {
    return new RelayTicket(target, answer.getUuid(), relay(answer.getRelayServer(), server));
  }

  /**
   * The relay of a {@code relay_server} text. A host name is not resolved, which would block an
   * event loop: the host of the server stands for it.
   */
  static InetSocketAddress relay(String text, ServerAddress server) {
    Matcher address = ADDRESS.matcher(text);
    if (address.matches()) {
      String port = address.group(2);
      return new InetSocketAddress(
          literal(address.group(1)), port == null ? server.relayPort() : Integer.parseInt(port));
    }
    int colon = text.lastIndexOf(':');
    boolean hasPort = colon >= 0 && text.substring(colon + 1).matches("\\d{1,5}");
    int port = hasPort ? Integer.parseInt(text.substring(colon + 1)) : server.relayPort();
    return new InetSocketAddress(server.host(), port);
  }

  private static InetAddress literal(String ip) {
    try {
      return InetAddress.getByName(ip);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("not an ip: " + ip, e);
    }
  }

  /** The port for a way: that of WebSocket is two above. */
  InetSocketAddress relay(Way way) {
    return way == Way.WEBSOCKET
        ? new InetSocketAddress(relay.getAddress(), relay.getPort() + 2)
        : relay;
  }
}
