package dev.rallypoint.policy;

import dev.rallypoint.config.Cidr;
import dev.rallypoint.protocol.address.PeerAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The entries of {@code blacklist.txt} or {@code blocklist.txt}: one ip or network a line, {@code
 * #} begins a comment. Immutable. It keeps the lines as they were written, so that an edit does not
 * lose comments.
 */
public final class AddressList {
  /** The list without an entry. */
  public static final AddressList EMPTY = new AddressList("list", List.of());

  private final String name;
  private final List<String> lines;
  private final Set<PeerAddress> hosts = new HashSet<>();
  private final List<Cidr> networks = new ArrayList<>();

  private AddressList(String name, List<String> lines) {
    this.name = name;
    this.lines = List.copyOf(lines);
    for (int i = 0; i < lines.size(); i++) {
      String entry = entry(lines.get(i));
      if (!entry.isEmpty()) {
        Cidr network = Cidr.parse(name + " line " + (i + 1), entry);
        if (network.prefix() == network.network().size() * 8) {
          hosts.add(host(network));
        } else {
          networks.add(network);
        }
      }
    }
  }

  /**
   * Parses a list.
   *
   * @param name the file's name, for the message
   * @throws dev.rallypoint.config.SettingException naming the line that is neither an ip nor a
   *     network; to skip it would admit a host that the operator shut out
   */
  public static AddressList of(String name, List<String> lines) {
    return new AddressList(name, lines);
  }

  /** Whether a host is listed, by its ip or by a network. */
  public boolean contains(PeerAddress address) {
    if (hosts.contains(address.host())) {
      return true;
    }
    if (networks.isEmpty()) {
      return false;
    }
    byte[] ip = address.ipBytes();
    return networks.stream().anyMatch(network -> network.contains(ip));
  }

  /**
   * Whether an ip given as text is listed.
   *
   * @throws dev.rallypoint.config.SettingException when the text is no ip
   */
  public boolean contains(String ip) {
    return contains(host(Cidr.parse(name, ip)));
  }

  /**
   * This list with one more entry; the same list when the entry's text is in it.
   *
   * @throws dev.rallypoint.config.SettingException when the text is neither an ip nor a network
   */
  public AddressList with(String entry) {
    Cidr.parse(name, entry);
    if (entries().contains(entry.strip())) {
      return this;
    }
    List<String> more = new ArrayList<>(lines);
    more.add(entry.strip());
    return new AddressList(name, more);
  }

  /** This list without the lines of an entry, whatever its spelling. */
  public AddressList without(String entry) {
    Cidr gone = Cidr.parse(name, entry);
    return new AddressList(
        name,
        lines.stream()
            .filter(line -> entry(line).isEmpty() || !Cidr.parse(name, entry(line)).equals(gone))
            .toList());
  }

  /** The list without its entries; comments stay. */
  public AddressList withoutAll() {
    return new AddressList(name, lines.stream().filter(line -> entry(line).isEmpty()).toList());
  }

  /** The entries in the order of their lines. */
  public List<String> entries() {
    return lines.stream().map(AddressList::entry).filter(entry -> !entry.isEmpty()).toList();
  }

  /** The file's lines, comments included. */
  public List<String> lines() {
    return lines;
  }

  private static PeerAddress host(Cidr network) {
    byte[] ip = new byte[network.network().size()];
    for (int i = 0; i < ip.length; i++) {
      ip[i] = network.network().get(i);
    }
    return PeerAddress.of(ip, 0);
  }

  private static String entry(String line) {
    int comment = line.indexOf('#');
    return (comment < 0 ? line : line.substring(0, comment)).strip();
  }
}
