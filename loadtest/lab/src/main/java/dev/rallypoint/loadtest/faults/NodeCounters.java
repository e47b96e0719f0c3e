package dev.rallypoint.loadtest.faults;

import dev.rallypoint.loadtest.environment.NamespaceThreads;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Reads the counters of a node from its text console. */
final class NodeCounters {
  private static final int CONSOLE = 21115;
  private static final int MILLIS = 5_000;

  private NodeCounters() {}

  /** All samples of a node, by name and labels; the threads are those of its namespace. */
  static Map<String, Double> of(NamespaceThreads node) {
    return node.call(NodeCounters::read);
  }

  private static Map<String, Double> read() throws IOException {
    Map<String, Double> samples = new HashMap<>();
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), CONSOLE), MILLIS);
      socket.setSoTimeout(MILLIS);
      socket.getOutputStream().write("stats\n".getBytes(StandardCharsets.US_ASCII));
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int space = line.lastIndexOf(' ');
        if (space > 0 && !line.startsWith("#")) {
          samples.put(line.substring(0, space), Double.parseDouble(line.substring(space + 1)));
        }
      }
    }
    return samples;
  }

  /** The sum of the samples whose name or labels contain this text. */
  static double sum(Map<String, Double> samples, String text) {
    return samples.entrySet().stream()
        .filter(sample -> sample.getKey().contains(text))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }
}
