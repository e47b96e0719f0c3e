package dev.rallypoint.loadtest.lab;

import dev.rallypoint.loadtest.lab.Place.Router;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The namespaces of one run: a public network (a bridge), the server on it, and four routers each
 * with a LAN behind it. All names begin with the run's own random prefix; links are made inside the
 * namespaces, so that nothing of the machine's own network is touched and deleting the namespaces
 * removes everything.
 */
final class Network implements AutoCloseable {
  /** The server's public address. */
  static final String SERVER = "203.0.113.10";

  private static final String BE_LIBERAL = "net/netfilter/nf_conntrack_tcp_be_liberal";
  private static final Pattern COUNTER = Pattern.compile("packets (\\d+) bytes (\\d+)");

  private final String prefix;
  private final Deque<String> made = new ArrayDeque<>();
  private boolean closed;

  private Network(String prefix) {
    this.prefix = prefix;
  }

  /** A network that is nothing but a new name yet. */
  static Network plan() {
    int mark = ThreadLocalRandom.current().nextInt(0x10000);
    return new Network(String.format(Locale.ROOT, "rp%04x", mark));
  }

  /** Builds it, with a meter on the server's relay port. */
  void build(int relayPort) {
    add("wan");
    ip("wan", "link", "add", "wan", "type", "bridge");
    ip("wan", "link", "set", "wan", "up");
    add("server");
    attach("wan", "wan", "server", "wan", SERVER);
    filter("server", meter(relayPort));
    for (Router router : Router.values()) {
      add(router.label());
      attach("wan", "wan", router.label(), "wan", router.address());
      ip(router.label(), "link", "add", "lan", "type", "bridge");
      ip(router.label(), "addr", "add", router.lan() + "1/24", "dev", "lan");
      ip(router.label(), "link", "set", "lan", "up");
      filter(router.label(), router.kind().rules());
      forward(router.label());
      router.places().forEach(place -> settle(router, place));
    }
  }

  private void settle(Router router, Place place) {
    add(place.label());
    attach(router.label(), "lan", place.label(), "lan", place.address());
    ip(place.label(), "route", "add", "default", "via", router.lan() + "1");
  }

  private synchronized void add(String label) {
    if (closed) {
      throw new LabException("the lab is being taken down");
    }
    Program.run("ip", "netns", "add", name(label));
    made.push(name(label));
    ip(label, "link", "set", "lo", "up");
  }

  /** Plugs a namespace into a bridge of another one. */
  private void attach(
      String bridgeLabel, String bridge, String label, String device, String address) {
    String port = "to-" + label;
    Program.run(
        "ip",
        "link",
        "add",
        device,
        "netns",
        name(label),
        "type",
        "veth",
        "peer",
        "name",
        port,
        "netns",
        name(bridgeLabel));
    ip(bridgeLabel, "link", "set", port, "master", bridge);
    ip(bridgeLabel, "link", "set", port, "up");
    ip(label, "addr", "add", address + "/24", "dev", device);
    ip(label, "link", "set", device, "up");
  }

  private void forward(String label) {
    set(label, "net/ipv4/ip_forward", true);
    set(label, BE_LIBERAL, true);
  }

  /**
   * Whether a router drops TCP packets whose sequence numbers do not fit what it tracked, as stock
   * Linux does and OpenWrt by default does not; the lab's routers begin without. Unasked packets
   * are dropped either way. It matters for TCP holes: the target opens its NAT by a SYN and then
   * answers the requester's SYN from a listening socket, with another sequence number, so that a
   * strict tracker takes this SYN-ACK for invalid.
   */
  void checkWindows(Router router, boolean strict) {
    set(router.label(), BE_LIBERAL, !strict);
  }

  private void set(String label, String setting, boolean on) {
    Program.runWithInput(
        on ? "1" : "0", "ip", "netns", "exec", name(label), "tee", "/proc/sys/" + setting);
  }

  private void filter(String label, String rules) {
    Program.runWithInput(rules, "ip", "netns", "exec", name(label), "nft", "-f", "-");
  }

  private void ip(String label, String... words) {
    String[] all =
        Stream.concat(Stream.of("ip", "-n", name(label)), Stream.of(words)).toArray(String[]::new);
    Program.run(all);
  }

  private static String meter(int relayPort) {
    return """
    table ip lab {
      counter relayed { }
      chain incoming {
        type filter hook input priority filter; policy accept;
        tcp dport %1$d counter name relayed
      }
      chain outgoing {
        type filter hook output priority filter; policy accept;
        tcp sport %1$d counter name relayed
      }
    }
    """
        .formatted(relayPort);
  }

  /** Bytes of packets to and from the server's relay port so far, both directions together. */
  long relayedBytes() {
    String printed =
        Program.run(
            "ip",
            "netns",
            "exec",
            name("server"),
            "nft",
            "list",
            "counter",
            "ip",
            "lab",
            "relayed");
    Matcher found = COUNTER.matcher(printed);
    if (!found.find()) {
      throw new LabException("no counter in: " + printed);
    }
    return Long.parseLong(found.group(2));
  }

  /** The words that start a program in a place of this network. */
  List<String> inside(String label) {
    return List.of("ip", "netns", "exec", name(label));
  }

  private String name(String label) {
    return prefix + "-" + label;
  }

  /** What all names of this run begin with. */
  String prefix() {
    return prefix;
  }

  /** Deletes the namespaces and with them every link, address and rule. */
  @Override
  public synchronized void close() {
    closed = true;
    while (!made.isEmpty()) {
      String name = made.pop();
      if (!Program.works(List.of("ip", "netns", "del", name))) {
        System.err.println("could not delete the namespace " + name);
      }
    }
  }
}
