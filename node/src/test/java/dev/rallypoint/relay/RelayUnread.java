package dev.rallypoint.relay;

import dev.rallypoint.time.Ticker;
import java.nio.file.Path;

/**
 * Runs a relay that copies in a process of little memory until its input ends. It prints the port
 * that it listens on. Its argument is a folder.
 */
final class RelayUnread {
  private RelayUnread() {}

  public static void main(String[] args) throws Exception {
    RelayLab lab =
        RelayLab.start(RelayLab.cluster(), RelayLab.copying(), Path.of(args[0]), Ticker.SYSTEM);
    System.out.println("port " + lab.server().address().getPort());
    while (System.in.read() >= 0) {
      System.out.println("sessions " + lab.server().sessions().size());
    }
    Runtime.getRuntime().halt(0);
  }
}
