package dev.rallypoint.policy;

import dev.rallypoint.protocol.address.PeerAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of an HTTP client, by the connection or by the headers of a trusted proxy. Of a list
 * of addresses the right-most one counts that is not a trusted proxy itself. Proxies pass on
 * headers of their clients that they do not set themselves, so headers that contradict each other
 * are all ignored, and the address is the proxy's.
 *
 * @param address the client's; with port 0 when a header named it, because no header is sure to
 *     name a unique port
 * @param source where the address is from
 */
public record ClientAddress(PeerAddress address, Source source) {
  private static final Pattern NODE =
      Pattern.compile(
          "(?<v4>\\d{1,3}(?:\\.\\d{1,3}){3})(?::\\d{1,5})?"
              + "|\\[(?<bracketed>[0-9a-fA-F:.]+)](?::\\d{1,5})?"
              + "|(?<v6>[0-9a-fA-F.]*:[0-9a-fA-F.]*:[0-9a-fA-F:.]*)");

  /** Where an address is from. */
  public enum Source {
    /** The connection; there was no header. */
    CONNECTION,
    /** The headers of a trusted proxy. */
    HEADERS,
    /** The connection; it is not a trusted proxy's, so its headers were ignored. */
    UNTRUSTED,
    /** The connection; a trusted proxy's headers were unreadable or contradictory. */
    UNCLEAR
  }

  /** What one header names. */
  private record Named(PeerAddress host, boolean isProxy) {}

  /**
   * Decides the address of a client.
   *
   * @param peer the address of the connection, or what its PROXY protocol header names
   * @param trusted the trusted proxies
   */
  public static ClientAddress of(PeerAddress peer, Networks trusted, ForwardingHeaders headers) {
    if (headers.isEmpty()) {
      return new ClientAddress(peer, Source.CONNECTION);
    }
    if (!trusted.contains(peer)) {
      return new ClientAddress(peer, Source.UNTRUSTED);
    }
    List<Optional<Named>> answers =
        headers.chains().map(chain -> nearestClient(chain, trusted)).toList();
    if (answers.contains(Optional.<Named>empty())) {
      return new ClientAddress(peer, Source.UNCLEAR);
    }
    // A header that names only proxies does not contradict one that names a client.
    List<Named> named = answers.stream().flatMap(Optional::stream).toList();
    List<Named> clients = named.stream().filter(answer -> !answer.isProxy()).distinct().toList();
    return switch (clients.size()) {
      case 0 -> new ClientAddress(named.getFirst().host(), Source.HEADERS);
      case 1 -> new ClientAddress(clients.getFirst().host(), Source.HEADERS);
      default -> new ClientAddress(peer, Source.UNCLEAR);
    };
  }

  /** The right-most client; the left-most proxy when all are; empty when it cannot be read. */
  private static Optional<Named> nearestClient(List<String> chain, Networks trusted) {
    Optional<PeerAddress> host = Optional.empty();
    for (String node : chain.reversed()) {
      host = host(node);
      if (host.isEmpty() || !trusted.contains(host.get())) {
        return host.map(client -> new Named(client, false));
      }
    }
    return host.map(proxy -> new Named(proxy, true));
  }

  private static Optional<PeerAddress> host(String node) {
    Matcher matcher = NODE.matcher(node);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String v4 = matcher.group("v4");
    String bracketed = matcher.group("bracketed");
    String literal = v4 != null ? v4 : bracketed != null ? bracketed : matcher.group("v6");
    if (v4 == null && literal.indexOf(':') < 0) {
      return Optional.empty(); // brackets are for IPv6
    }
    try {
      PeerAddress host = PeerAddress.of(InetAddress.ofLiteral(literal), 0);
      return Optional.of(host).filter(address -> address.withPort(1).isSendable());
    } catch (IllegalArgumentException notAnIp) {
      return Optional.empty();
    }
  }
}
