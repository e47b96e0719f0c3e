package dev.rallypoint.policy.limit;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Divides the file descriptors that a process may open, and its heap, among the parts of a node.
 * Each part has a share, in per cent, of the descriptors that are free when the node starts. Where
 * the shares of a node's parts come to more than 100, all of them shrink in proportion, so that the
 * parts together never have more descriptors than there are. No setting makes a share greater.
 */
public final class DescriptorBudget {
  /** What is left for the database (8), the links of a cluster, files and connections to come. */
  public static final int RESERVE = 64;

  /**
   * What a plain TCP connection may cost of the heap, in bytes: 5.3 KB were measured for an idle
   * one, and each served frame is garbage for a while.
   */
  public static final int CONNECTION_COST = 8 * 1024;

  /** The most descriptors that are divided. */
  private static final long MOST = 2_000_000;

  /** What may hold descriptors, and for how many things. */
  public enum Part {
    /** Connections of the ID server: control, NAT test and WebSocket. */
    ID_SERVER(40, 1, 64, 20),
    /** Clients' connections of the relay, TCP and WebSocket. */
    RELAY(50, 1, 64, 15),
    /** Pipes that relayed bytes are spliced through; each has two ends. */
    RELAY_PIPES(6, 2, 0, 0),
    /** Connections between the relays of a cluster, for sessions whose two sides are apart. */
    BACKHAUL(25, 1, 64, 0),
    /** WebSocket connections of https-port. */
    HTTPS_PORT(10, 1, 64, 15),
    /** Connections of api-port, which are open for a round trip. */
    API_PORT(4, 1, 16, 2);

    private final int percent;
    private final int descriptors;
    private final int least;
    private final int heapPercent;

    Part(int percent, int descriptors, int least, int heapPercent) {
      this.percent = percent;
      this.descriptors = descriptors;
      this.least = least;
      this.heapPercent = heapPercent;
    }
  }

  /**
   * What a part may have.
   *
   * @param connections how many connections or pipes, by descriptors and by heap
   * @param heap the bytes of heap that its connections may cost together
   */
  public record Share(int connections, long heap) {
    private static final Share NONE = new Share(0, 0);

    /** A share that only the number of connections bounds. */
    public static Share ofConnections(int connections) {
      return new Share(connections, Long.MAX_VALUE);
    }
  }

  private final Map<Part, Share> shares;

  private DescriptorBudget(Map<Part, Share> shares) {
    this.shares = shares;
  }

  /**
   * Divides what is free.
   *
   * @param limit the most descriptors that the process may open
   * @param open those that are open now
   * @param heap the most bytes that the heap may grow to
   * @param parts the parts that the node has
   */
  public static DescriptorBudget divide(long limit, long open, long heap, Set<Part> parts) {
    long free = Math.clamp(limit - open - RESERVE, 0, MOST);
    int percents = Math.max(100, parts.stream().mapToInt(part -> part.percent).sum());
    Map<Part, Integer> connections = new EnumMap<>(Part.class);
    for (Part part : parts) {
      long share = free * part.percent / percents / part.descriptors;
      connections.put(part, (int) Math.max(share, part.least));
    }
    if (descriptors(connections) > free) { // there is too little for the least of each
      connections.replaceAll((part, least) ->
          (int)
              Math.max(free * part.percent / percents / part.descriptors, Math.min(part.least, 1)));
    }
    Map<Part, Share> shares = new EnumMap<>(Part.class);
    connections.forEach((part, share) -> shares.put(part, share(part, share, heap)));
    return new DescriptorBudget(shares);
  }

  private static Share share(Part part, int connections, long heap) {
    if (part.heapPercent == 0) {
      return Share.ofConnections(connections);
    }
    long bytes = heap / 100 * part.heapPercent;
    return new Share((int) Math.min(connections, Math.max(bytes / CONNECTION_COST, 1)), bytes);
  }

  private static long descriptors(Map<Part, Integer> connections) {
    return connections.entrySet().stream()
        .mapToLong(share -> (long) share.getValue() * share.getKey().descriptors)
        .sum();
  }

  /** How many connections or pipes a part may have; 0 for a part that the node does not have. */
  public int of(Part part) {
    return share(part).connections();
  }

  /** What a part may have; nothing for a part that the node does not have. */
  public Share share(Part part) {
    return shares.getOrDefault(part, Share.NONE);
  }

  /** All shares, for the log. */
  @Override
  public String toString() {
    return shares.entrySet().stream()
        .map(share ->
            share.getKey().name().toLowerCase(Locale.ROOT) + " " + share.getValue().connections())
        .collect(Collectors.joining(", "));
  }
}
