package dev.rallypoint.loadtest.machine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The network namespaces of one run. All names begin with the run's own random prefix; links are
 * made inside the namespaces, so that nothing of the machine's own network is touched and deleting
 * the namespaces removes everything.
 */
public final class Namespaces implements AutoCloseable {
  private static final Pattern COUNTER = Pattern.compile("packets (\\d+) bytes (\\d+)");

  private final String prefix;
  private final Deque<String> made = new ArrayDeque<>();
  private boolean closed;

  private Namespaces(String prefix) {
    this.prefix = prefix;
  }

  /** None yet, only the name that theirs will begin with. */
  public static Namespaces plan() {
    int mark = ThreadLocalRandom.current().nextInt(0x10000);
    return new Namespaces(String.format(Locale.ROOT, "rp%04x", mark));
  }

  /** What is missing on this machine to make any, in words; empty when nothing is. */
  public static Optional<String> missing() {
    if (!"0".equals(printed("id", "-u"))) {
      return Optional.of("the lab needs root, to make network namespaces");
    }
    if (!Program.works(List.of("ip", "netns", "list"))) {
      return Optional.of("the lab needs the command ip (package iproute2)");
    }
    if (!Program.works(List.of("nft", "--version"))) {
      return Optional.of("the lab needs the command nft (package nftables)");
    }
    return Optional.empty();
  }

  private static String printed(String... words) {
    try {
      return Program.run(words);
    } catch (LabException e) {
      return "";
    }
  }

  /** Makes one. */
  public synchronized void add(String label) {
    if (closed) {
      throw new LabException("the lab is being taken down");
    }
    Program.run("ip", "netns", "add", name(label));
    made.push(name(label));
    ip(label, "link", "set", "lo", "up");
  }

  /** Makes a bridge in one, a switch that others are plugged into. */
  public void bridge(String label, String bridge) {
    ip(label, "link", "add", bridge, "type", "bridge");
    ip(label, "link", "set", bridge, "up");
  }

  /** Plugs a namespace into a bridge of another one; its address has a network of 24 bits. */
  public void attach(
      String bridgeLabel, String bridge, String label, String device, String address) {
    String port = bridge + "-" + label;
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

  /** Switches a kernel setting, a path below /proc/sys. */
  public void set(String label, String setting, boolean on) {
    Program.runWithInput(
        on ? "1" : "0", "ip", "netns", "exec", name(label), "tee", "/proc/sys/" + setting);
  }

  /** Gives rules to nft. */
  public void filter(String label, String rules) {
    Program.runWithInput(rules, "ip", "netns", "exec", name(label), "nft", "-f", "-");
  }

  /** Runs the command ip in one. */
  public void ip(String label, String... words) {
    String[] all =
        Stream.concat(Stream.of("ip", "-n", name(label)), Stream.of(words)).toArray(String[]::new);
    Program.run(all);
  }

  /** Runs any command in one and gives what it printed. */
  public String run(String label, String... words) {
    return Program.run(
        Stream.concat(inside(label).stream(), Stream.of(words)).toArray(String[]::new));
  }

  /** The bytes of the packets that a counter of the table {@code ip lab} has seen. */
  public long bytesCounted(String label, String counter) {
    String printed = run(label, "nft", "list", "counter", "ip", "lab", counter);
    Matcher found = COUNTER.matcher(printed);
    if (!found.find()) {
      throw new LabException("no counter in: " + printed);
    }
    return Long.parseLong(found.group(2));
  }

  /** The words that start a program in a namespace. */
  public List<String> inside(String label) {
    return List.of("ip", "netns", "exec", name(label));
  }

  private String name(String label) {
    return prefix + "-" + label;
  }

  /** What all names of this run begin with. */
  public String prefix() {
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
