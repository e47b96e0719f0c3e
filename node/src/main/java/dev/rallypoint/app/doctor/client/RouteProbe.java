package dev.rallypoint.app.doctor.client;

import dev.rallypoint.protocol.address.PeerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs the system's traceroute to the server, as far as the first four routers. */
final class RouteProbe {
  private static final int SECONDS = 5;
  private static final Pattern HOP = Pattern.compile("^\\s*\\d+\\s+([0-9a-fA-F.:]+)\\s");

  private RouteProbe() {}

  /** The routers that told their address, the nearest first; empty without traceroute. */
  static List<PeerAddress> to(InetAddress server) {
    try {
      Process run =
          new ProcessBuilder(
                  "traceroute", "-n", "-q", "1", "-w", "1", "-m", "4", server.getHostAddress())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      run.getOutputStream().close();
      try {
        if (!run.waitFor(SECONDS, TimeUnit.SECONDS)) {
          return List.of();
        }
        return hops(
            new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8),
            PeerAddress.of(server, 0));
      } finally {
        run.destroyForcibly();
      }
    } catch (IOException e) {
      return List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  /** The routers in the output of traceroute, without the server itself. */
  static List<PeerAddress> hops(String output, PeerAddress server) {
    List<PeerAddress> hops = new ArrayList<>();
    for (String line : output.lines().toList()) {
      Matcher hop = HOP.matcher(line);
      if (hop.find()) {
        try {
          PeerAddress router = PeerAddress.of(InetAddress.ofLiteral(hop.group(1)), 0);
          if (!router.isSameHost(server)) {
            hops.add(router);
          }
        } catch (IllegalArgumentException e) {
          // Not an address: a word of this traceroute.
        }
      }
    }
    return hops;
  }
}
