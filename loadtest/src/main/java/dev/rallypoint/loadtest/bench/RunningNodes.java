package dev.rallypoint.loadtest.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Two nodes of one cluster that run already: each session's sides connect to different ones, so
 * that its bytes cross from node to node.
 *
 * @param pids the nodes' processes, whose CPU counts together
 * @param key the access key
 */
record RunningNodes(InetSocketAddress one, InetSocketAddress other, List<Long> pids, String key)
    implements Contestant {

  /**
   * The nodes of a text.
   *
   * @param relays {@code host:port,host:port}
   */
  static RunningNodes of(List<String> relays, List<Long> pids, String key) {
    if (relays.size() != 2 || pids.isEmpty()) {
      throw new IllegalArgumentException("write --nodes host:port,host:port and their --pids");
    }
    return new RunningNodes(address(relays.getFirst()), address(relays.getLast()), pids, key);
  }

  private static InetSocketAddress address(String text) {
    int colon = text.lastIndexOf(':');
    return new InetSocketAddress(
        text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
  }

  @Override
  public String name() {
    return "two-nodes";
  }

  @Override
  public long pid() {
    return pids.getFirst();
  }

  @Override
  public double cpu() throws IOException {
    double sum = 0;
    for (long pid : pids) {
      sum += CpuTime.of(pid);
    }
    return sum;
  }

  @Override
  public Wire connect() throws IOException {
    return RelayedWire.between(one, other, key);
  }

  @Override
  public void close() {
    // Whoever started them ends them.
  }
}
