package dev.rallypoint.loadtest.environment;

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
 * The network namespaces of one run. Their names begin with a random prefix. Links are created
 * inside the namespaces, so that the network of the machine does not change and deleting the
 * namespaces removes everything.
 */
public final class NetworkNamespaces implements AutoCloseable {
  private static final Pattern COUNTER = Pattern.compile("packets (\\d+) bytes (\\d+)");

  private final String prefix;
  private final Deque<String> created = new ArrayDeque<>();
  private boolean closed;

  private NetworkNamespaces(String prefix) {
    this.prefix = prefix;
  }

  /** No namespaces yet, only a prefix for their names. */
  public static NetworkNamespaces withRandomPrefix() {
    int suffix = ThreadLocalRandom.current().nextInt(0x10000);
    return new NetworkNamespaces(String.format(Locale.ROOT, "rp%04x", suffix));
  }

  /** Says what this machine lacks to create namespaces; empty when it lacks nothing. */
  public static Optional<String> missing() {
    if (!"0".equals(output("id", "-u"))) {
      return Optional.of("this needs root, to create network namespaces");
    }
    if (!ExternalCommand.succeeds(List.of("ip", "netns", "list"))) {
      return Optional.of("this needs the command ip (package iproute2)");
    }
    if (!ExternalCommand.succeeds(List.of("nft", "--version"))) {
      return Optional.of("this needs the command nft (package nftables)");
    }
    return Optional.empty();
  }

  private static String output(String... command) {
    try {
      return ExternalCommand.run(command);
    } catch (EnvironmentException e) {
      return "";
    }
  }

  /** Creates a namespace, whose name is the prefix and a label. */
  public synchronized void add(String label) {
    if (closed) {
      throw new EnvironmentException("the environment is closed");
    }
    ExternalCommand.run("ip", "netns", "add", name(label));
    created.push(name(label));
    ip(label, "link", "set", "lo", "up");
  }

  /** Creates a bridge in a namespace, to which others are attached. */
  public void bridge(String label, String bridge) {
    ip(label, "link", "add", bridge, "type", "bridge");
    ip(label, "link", "set", bridge, "up");
  }

  /** Attaches a namespace to a bridge in another one, with an address in a /24 network. */
  public void attach(
      String bridgeLabel, String bridge, String label, String device, String address) {
    String port = bridge + "-" + label;
    ExternalCommand.run(
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

  /** Sets a kernel setting, a path below /proc/sys, to 1 or 0. */
  public void set(String label, String setting, boolean on) {
    ExternalCommand.runWithInput(
        on ? "1" : "0", "ip", "netns", "exec", name(label), "tee", "/proc/sys/" + setting);
  }

  /** Adds nftables rules. */
  public void addRules(String label, String rules) {
    ExternalCommand.runWithInput(rules, "ip", "netns", "exec", name(label), "nft", "-f", "-");
  }

  /** Runs the command ip in a namespace. */
  public void ip(String label, String... command) {
    String[] all =
        Stream.concat(Stream.of("ip", "-n", name(label)), Stream.of(command))
            .toArray(String[]::new);
    ExternalCommand.run(all);
  }

  /** Runs a command in a namespace and returns its output. */
  public String run(String label, String... command) {
    return ExternalCommand.run(
        Stream.concat(prefixCommand(label).stream(), Stream.of(command)).toArray(String[]::new));
  }

  /** The bytes that a counter of the nftables table {@code ip lab} has counted. */
  public long countedBytes(String label, String counter) {
    String printed = run(label, "nft", "list", "counter", "ip", "lab", counter);
    Matcher found = COUNTER.matcher(printed);
    if (!found.find()) {
      throw new EnvironmentException("no counter in: " + printed);
    }
    return Long.parseLong(found.group(2));
  }

  /** The command that runs a program in a namespace, to put before the command of the program. */
  public List<String> prefixCommand(String label) {
    return List.of("ip", "netns", "exec", name(label));
  }

  private String name(String label) {
    return prefix + "-" + label;
  }

  /** The prefix of all names of this run. */
  public String prefix() {
    return prefix;
  }

  /** Deletes the namespaces with their links, addresses and rules. */
  @Override
  public synchronized void close() {
    closed = true;
    while (!created.isEmpty()) {
      String name = created.pop();
      if (!ExternalCommand.succeeds(List.of("ip", "netns", "del", name))) {
        System.err.println("cannot delete the namespace " + name);
      }
    }
  }
}
