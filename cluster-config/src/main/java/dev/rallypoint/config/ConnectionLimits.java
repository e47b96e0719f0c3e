package dev.rallypoint.config;

import com.typesafe.config.Config;
import java.util.List;

/**
 * How many TCP connections are held at once. One over a limit is closed as soon as it is accepted.
 *
 * @param perAddress connections of one ip
 * @param total connections of the listener in all; 0 takes a share of the process's descriptors
 * @param exempt networks the per-address limit does not count
 */
public record ConnectionLimits(int perAddress, int total, List<Cidr> exempt) {

  public ConnectionLimits {
    Checks.range("connections-per-address", perAddress, 1, 10_000_000);
    Checks.range("max-connections", total, 0, 10_000_000);
    exempt = List.copyOf(exempt);
  }

  /** The limits each listener has for itself. */
  public static ConnectionLimits from(Config config) {
    SettingReader read = new SettingReader(config);
    return new ConnectionLimits(
        read.number("connections-per-address"),
        read.number("max-connections"),
        read.networks("exempt-networks"));
  }
}
