package dev.rallypoint.policy;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Divides the file descriptors that a process may open among the parts of a node. Each part has a
 * share, in per cent, of those that are free when the node starts. Where the shares of a node's
 * parts come to more than 100, all of them shrink in proportion, so that the parts never need more
 * descriptors than there are.
 */
public final class DescriptorBudget {
  /** What is left for the database (8), the links of a cluster, files and connections to come. */
  public static final int RESERVE = 64;

  /** The most descriptors that are divided. */
  private static final long MOST = 2_000_000;

  /** What may hold descriptors, and for how many things. */
  public enum Part {
    /** Connections of the ID server: control, NAT test and WebSocket. */
    ID_SERVER(40, 1, 64),
    /** Clients' connections of the relay, TCP and WebSocket. */
    RELAY(50, 1, 64),
    /** Pipes that relayed bytes are spliced through; each has two ends. */
    RELAY_PIPES(6, 2, 0),
    /** Connections between the relays of a cluster, for sessions whose two sides are apart. */
    BACKHAUL(25, 1, 64),
    /** WebSocket connections of https-port. */
    HTTPS_PORT(10, 1, 64);

    private final int percent;
    private final int descriptors;
    private final int least;

    Part(int percent, int descriptors, int least) {
      this.percent = percent;
      this.descriptors = descriptors;
      this.least = least;
    }
  }

  private final Map<Part, Integer> shares;

  private DescriptorBudget(Map<Part, Integer> shares) {
    this.shares = shares;
  }

  /**
   * Divides what is free.
   *
   * @param limit the most descriptors that the process may open
   * @param open those that are open now
   * @param parts the parts that the node has
   */
  public static DescriptorBudget divide(long limit, long open, Set<Part> parts) {
    long free = Math.clamp(limit - open - RESERVE, 0, MOST);
    int percents = Math.max(100, parts.stream().mapToInt(part -> part.percent).sum());
    Map<Part, Integer> shares = new EnumMap<>(Part.class);
    for (Part part : parts) {
      long share = free * part.percent / percents / part.descriptors;
      shares.put(part, (int) Math.max(share, part.least));
    }
    return new DescriptorBudget(shares);
  }

  /** How many connections or pipes a part may have; 0 for a part that the node does not have. */
  public int of(Part part) {
    return shares.getOrDefault(part, 0);
  }

  /** All shares, for the log. */
  @Override
  public String toString() {
    return shares.entrySet().stream()
        .map(share -> share.getKey().name().toLowerCase(Locale.ROOT) + " " + share.getValue())
        .collect(Collectors.joining(", "));
  }
}
