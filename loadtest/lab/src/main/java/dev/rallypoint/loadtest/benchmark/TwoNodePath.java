package dev.rallypoint.loadtest.benchmark;

import dev.rallypoint.loadtest.environment.CpuTime;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * The path through two running nodes of one cluster: the two legs of each session are on different
 * nodes, so that its bytes go over the backhaul.
 *
 * @param one the relay of the requesters
 * @param other the relay of the targets
 * @param pids the processes of the nodes, whose CPU times are added
 * @param key the access key
 */
record TwoNodePath(InetSocketAddress one, InetSocketAddress other, List<Long> pids, String key)
    implements TransferPath {

  /**
   * Parses the addresses.
   *
   * @param relays two of {@code host:port}
   * @throws IllegalArgumentException unless there are two addresses and at least one pid
   */
  static TwoNodePath of(List<String> relays, List<Long> pids, String key) {
    if (relays.size() != 2 || pids.isEmpty()) {
      throw new IllegalArgumentException("--nodes must be HOST:PORT,HOST:PORT, with --pids");
    }
    return new TwoNodePath(address(relays.getFirst()), address(relays.getLast()), pids, key);
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
  public SessionSockets connect() throws IOException {
    return RelaySessions.open(one, other, key);
  }

  @Override
  public void close() {
    // The nodes were not started here.
  }
}
