package dev.rallypoint.loadtest.attacks.connections;

import dev.rallypoint.loadtest.attacks.harness.AttackedNode;
import dev.rallypoint.loadtest.load.SourceAddresses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Finds the TCP ports that a process listens on, from /proc. */
final class ListeningPorts {
  private static final String LISTEN = "0A";
  private static final int HEX = 16;
  private static final int HEX_OF_V4 = 8;

  private ListeningPorts() {}

  /** The ports of a node that are neither for clients nor for health and metrics. */
  static List<InetSocketAddress> beside(AttackedNode node) throws IOException {
    int first = node.natTest().getPort();
    int last = node.https().getPort();
    return of(node.pid()).stream()
        .filter(address -> address.getPort() < first || address.getPort() > last)
        .toList();
  }

  private static List<InetSocketAddress> of(long pid) throws IOException {
    Path process = Path.of("/proc", String.valueOf(pid));
    Set<String> sockets = sockets(process.resolve("fd"));
    List<InetSocketAddress> ports = new ArrayList<>();
    for (String table : List.of("tcp", "tcp6")) {
      try (Stream<String> lines = Files.lines(process.resolve("net").resolve(table))) {
        lines
            .skip(1)
            .map(line -> line.strip().split("\\s+"))
            .filter(fields -> fields[3].equals(LISTEN) && sockets.contains(fields[9]))
            .forEach(fields -> ports.add(address(fields[1])));
      }
    }
    return ports;
  }

  /** The inode numbers of the open sockets. */
  private static Set<String> sockets(Path descriptors) throws IOException {
    Set<String> sockets = new HashSet<>();
    try (Stream<Path> files = Files.list(descriptors)) {
      for (Path file : files.toList()) {
        String target;
        try {
          target = Files.readSymbolicLink(file).toString();
        } catch (IOException e) {
          continue; // closed meanwhile
        }
        if (target.startsWith("socket:[")) {
          sockets.add(target.substring("socket:[".length(), target.length() - 1));
        }
      }
    }
    return sockets;
  }

  /** An address such as 0100007F:63B0, the ip in the byte order of the machine. */
  private static InetSocketAddress address(String hex) {
    String[] parts = hex.split(":");
    String v4 = parts[0].substring(parts[0].length() - HEX_OF_V4);
    int bits = Integer.reverseBytes(Integer.parseUnsignedInt(v4, HEX));
    InetAddress ip = bits == 0 ? InetAddress.getLoopbackAddress() : SourceAddresses.address(bits);
    return new InetSocketAddress(ip, Integer.parseInt(parts[1], HEX));
  }
}
