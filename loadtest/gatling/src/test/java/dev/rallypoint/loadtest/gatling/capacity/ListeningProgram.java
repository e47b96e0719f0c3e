package dev.rallypoint.loadtest.gatling.capacity;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/** A program that listens on the port of {@code -p}, as hbbs and hbbr do, and serves nobody. */
final class ListeningProgram {
  private ListeningProgram() {}

  /** Writes what it was told into its folder and listens until it is ended. */
  public static void main(String[] arguments) throws Exception {
    Files.writeString(Path.of("id_ed25519.pub"), "the key\n");
    Files.writeString(
        Path.of("told-" + arguments[1]),
        String.join(" ", arguments) + " " + System.getenv("TOTAL_BANDWIDTH"));
    try (ServerSocket socket =
        new ServerSocket(Integer.parseInt(arguments[1]), 5, InetAddress.getLoopbackAddress())) {
      while (!socket.isClosed()) {
        socket.accept().close();
      }
    }
  }
}
