package dev.rallypoint.config;

import com.typesafe.config.Config;
import java.util.Set;

/**
 * The port where clients look for the server's HTTP API.
 *
 * @param port the TCP port, 0 for none
 * @param isRequired whether an operator wrote it: then the node does not start without it. The
 *     default one is left to another program that listens there, such as an API server
 */
public record ApiPortSettings(int port, boolean isRequired) {
  /** No such port. */
  public static final ApiPortSettings NONE = new ApiPortSettings(0, false);

  /** The name of the setting. */
  static final String PORT = "api-port";

  private static final String AUTO = "auto";
  private static final int BEFORE_ID_SERVER = 2;

  public ApiPortSettings {
    Checks.port(PORT, port, 0, 65_535);
  }

  /**
   * The settings of the port.
   *
   * @param idServerPort the port that the default is counted from, as clients do
   * @param taken what the node uses its other TCP ports for; the default gives way to these
   */
  static ApiPortSettings from(Config config, int idServerPort, Set<Integer> taken) {
    SettingReader read = new SettingReader(config);
    if (!read.text(PORT).equalsIgnoreCase(AUTO)) {
      int port = number(read);
      return new ApiPortSettings(port, port != 0);
    }
    int port = idServerPort - BEFORE_ID_SERVER;
    return port < 1 || taken.contains(port) ? NONE : new ApiPortSettings(port, false);
  }

  private static int number(SettingReader read) {
    try {
      return read.number(PORT);
    } catch (SettingException e) {
      throw new SettingException(PORT, read.text(PORT), "write a port, auto, or 0 for none");
    }
  }
}
