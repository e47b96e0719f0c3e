package dev.rallypoint.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The TCP ports that this process listens at, as Linux tells them. */
public final class ListeningPorts {
  private static final String LISTEN = "0A";
  private static final int LOCAL = 1;
  private static final int STATE = 3;
  private static final int INODE = 9;

  private ListeningPorts() {}

  /** Their numbers, of all addresses together. */
  public static Set<Integer> ofThisProcess() {
    try {
      Set<String> own = ownSockets();
      Set<Integer> ports = new TreeSet<>();
      for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
        for (String line : Files.readAllLines(Path.of(table))) {
          String[] row = line.strip().split("\\s+");
          if (row[STATE].equals(LISTEN) && own.contains("socket:[" + row[INODE] + "]")) {
            ports.add(Integer.parseInt(row[LOCAL].replaceFirst("^.*:", ""), 16));
          }
        }
      }
      return ports;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> ownSockets() throws IOException {
    Set<String> sockets = new HashSet<>();
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : (Iterable<Path>) descriptors::iterator) {
        try {
          sockets.add(Files.readSymbolicLink(descriptor).toString());
        } catch (IOException closedMeanwhile) {
          // It is no listener of a node that runs.
        }
      }
    }
    return sockets;
  }
}
