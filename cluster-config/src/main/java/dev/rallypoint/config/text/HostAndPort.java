package dev.rallypoint.config.text;

import java.net.IDN;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host as every setting names one: a DNS name or an ip, with a port or without. Names beyond
 * ASCII are turned into their DNS form.
 *
 * @param host the name or ip; an IPv6 ip without brackets
 * @param port 1 to 65535, or 0 where none is written
 */
public record HostAndPort(String host, int port) {
  /** What to write for a list of hosts. */
  public static final String FORM =
      "write host or host:port, several with commas, an IPv6 ip in [ ]";

  private static final Pattern TEXT =
      Pattern.compile("(?:\\[(?<ip>[^\\[\\]]+)]|(?<name>[^:\\[\\]]+))(?::(?<port>\\d{1,5}))?");
  private static final Pattern LABELS =
      Pattern.compile(
          "(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\\.)*"
              + "[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\\.?");
  private static final int LONGEST_NAME = 253;
  private static final InetAddress BROADCAST = InetAddress.ofLiteral("255.255.255.255");

  /** No zero before a number: some programs take it for octal then. */
  private static final String IPV4 = "(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}";

  /**
   * Reads one host.
   *
   * @return empty when the text is none: a url, a list, a placeholder, a number that is no ip, an
   *     ip with a scope, a port that is none
   */
  public static Optional<HostAndPort> parse(String text) {
    if (isIpv6(text)) {
      return Optional.of(new HostAndPort(text, 0));
    }
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    int port = parts.group("port") == null ? 0 : Integer.parseInt(parts.group("port"));
    if (port > 65_535 || parts.group("port") != null && port == 0) {
      return Optional.empty();
    }
    if (parts.group("ip") != null) {
      return Optional.of(parts.group("ip"))
          .filter(HostAndPort::isIpv6)
          .map(ip -> new HostAndPort(ip, port));
    }
    return name(parts.group("name")).map(name -> new HostAndPort(name, port));
  }

  /**
   * Whether another machine can be told to go there. It cannot by an ip that is no single host's
   * (0.0.0.0, ::, multicast, broadcast), nor by an IPv6 ip that needs a network interface beside
   * it.
   */
  public boolean isUsableElsewhere() {
    if (!looksLikeIp(host)) {
      return true;
    }
    InetAddress ip = InetAddress.ofLiteral(host);
    return !isOfNoHost(ip) && !(ip instanceof Inet6Address && ip.isLinkLocalAddress());
  }

  /** Whether an ip is every host's or that of many: no socket has it as its own. */
  public static boolean isOfNoHost(InetAddress ip) {
    return ip.isAnyLocalAddress() || ip.isMulticastAddress() || BROADCAST.equals(ip);
  }

  private static Optional<String> name(String text) {
    String ascii;
    try {
      ascii = text.matches("[\\p{L}\\p{M}\\p{N}._-]+") ? IDN.toASCII(text) : "";
    } catch (IllegalArgumentException tooLong) {
      return Optional.empty();
    }
    String bare = ascii.replaceFirst("\\.$", "");
    boolean isNumber = bare.matches("(.*\\.)?(\\d+|0[xX][0-9a-fA-F]*)");
    boolean isName =
        LABELS.matcher(ascii).matches()
            && bare.length() <= LONGEST_NAME
            && (!isNumber || isIpv4(bare));
    return isName ? Optional.of(ascii) : Optional.empty();
  }

  private static boolean isIpv4(String text) {
    return text.matches(IPV4) && isLiteral(text);
  }

  private static boolean isIpv6(String text) {
    return text.contains(":") && looksLikeIp(text) && isLiteral(text);
  }

  /**
   * Whether a text has the form of an ip in full; {@code InetAddress.ofLiteral} alone also takes
   * {@code 10}, {@code 010.0.0.1} and scopes.
   */
  public static boolean looksLikeIp(String text) {
    return text.matches(IPV4 + "|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
  }

  private static boolean isLiteral(String text) {
    try {
      return InetAddress.ofLiteral(text).getAddress().length > 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** As an operator writes it. */
  @Override
  public String toString() {
    return port == 0 ? host : host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
  }
}
