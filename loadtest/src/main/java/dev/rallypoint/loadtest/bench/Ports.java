package dev.rallypoint.loadtest.bench;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports that nobody listens on, found by trying. */
final class Ports {
  private static final int TRIES = 1000;

  private Ports() {}

  static int free() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** The first of so many free ports in a row, below those that systems hand out. */
  static int row(int count) throws IOException {
    for (int i = 0; i < TRIES; i++) {
      int first = ThreadLocalRandom.current().nextInt(11_000, 30_000);
      if (areFree(first, count)) {
        return first;
      }
    }
    throw new IOException("no " + count + " free ports in a row");
  }

  private static boolean areFree(int first, int count) {
    for (int port = first; port < first + count; port++) {
      try (ServerSocket tcp = new ServerSocket(port);
          DatagramSocket udp = new DatagramSocket(port)) {
        if (tcp.getLocalPort() != udp.getLocalPort()) {
          return false;
        }
      } catch (IOException taken) {
        return false;
      }
    }
    return true;
  }
}
