package dev.rallypoint.loadtest.benchmark.registrations;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The counters of a node, from the text console of its ID server. */
final class NodeCounters {
  private static final int MILLIS = 5_000;

  private NodeCounters() {}

  /** All samples, by name and labels. */
  static Map<String, Double> read(InetSocketAddress idServer) throws IOException {
    Map<String, Double> samples = new HashMap<>();
    try (Socket socket = new Socket()) {
      int console = idServer.getPort() - 1; // the NAT test's port
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), console), MILLIS);
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
}
