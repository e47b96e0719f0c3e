package dev.rallypoint.config;

import com.typesafe.config.Config;
import java.util.Optional;
import java.util.Set;

/**
 * What operators ask and tell a node by: HTTP for health and metrics, and the text consoles.
 *
 * @param port the TCP port for HTTP, 0 for none
 * @param bind the one ip it listens on, or empty for all
 * @param console what the text consoles of 21115 and 21117 answer to loopback connections
 */
public record ManagementSettings(int port, String bind, ConsoleMode console) {

  private static final String PORT = "management-port";
  private static final String BIND = "management-bind";
  private static final String AUTO = "auto";
  private static final int AFTER_ID_SERVER = 4;
  private static final String LOOPBACK = "127.0.0.1";

  public ManagementSettings {
    Checks.port(PORT, port, 0, 65_535);
  }

  /**
   * The settings of the port.
   *
   * @param idServerPort the port that the default is counted from
   * @param nodeBind the ip of the node's other listeners, or empty
   * @param taken the other TCP ports of the node, to which the default gives way
   */
  static ManagementSettings from(
      Config config, int idServerPort, String nodeBind, Set<Integer> taken) {
    SettingReader read = new SettingReader(config);
    boolean isAuto = read.text(PORT).equalsIgnoreCase(AUTO);
    int port = isAuto ? idServerPort + AFTER_ID_SERVER : number(read);
    Optional<String> own =
        nodeBind.startsWith("127.") || nodeBind.equals("::1")
            ? Optional.of(nodeBind) // several nodes on one machine, for a trial
            : Optional.empty();
    String bind =
        read.text(BIND).isEmpty() ? own.orElse(LOOPBACK) : NodeSettings.bind(BIND, read.text(BIND));
    boolean isLeft = isAuto && (port > 65_535 || taken.contains(port));
    return new ManagementSettings(isLeft ? 0 : port, bind, ConsoleMode.from(read));
  }

  private static int number(SettingReader read) {
    try {
      return read.number(PORT);
    } catch (SettingException e) {
      throw new SettingException(PORT, read.text(PORT), "write a port, auto, or 0 for none");
    }
  }
}
