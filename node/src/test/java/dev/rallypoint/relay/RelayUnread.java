package dev.rallypoint.relay;

import dev.rallypoint.time.Ticker;
import java.nio.file.Path;

/**
 * Runs a relay that copies in a process of little memory until its input ends. It prints the port
 * that it listens on, and for each byte of its input how many sessions there are, and how many
 * directions of sessions hold bytes or wait for a buffer. Its argument is a folder.
 */
final class RelayUnread {
  private RelayUnread() {}

  public static void main(String[] args) throws Exception {
    RelayLab lab =
        RelayLab.start(RelayLab.cluster(), RelayLab.copying(), Path.of(args[0]), Ticker.SYSTEM);
    System.out.println("port " + lab.server().address().getPort());
    while (System.in.read() >= 0) {
      int lent = lab.server().lentConduits().toCompletableFuture().join();
      int waiting = lab.server().waitingForConduits().toCompletableFuture().join();
      System.out.println("sessions " + lab.server().sessions().size());
      System.out.println("full " + (lent + waiting));
    }
    Runtime.getRuntime().halt(0);
  }
}
