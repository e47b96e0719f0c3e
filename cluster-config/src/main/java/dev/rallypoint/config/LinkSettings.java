package dev.rallypoint.config;

import com.typesafe.config.Config;
import dev.rallypoint.config.access.AccessMode;
import java.time.Duration;
import java.util.Locale;

/**
 * What the ID server's connections are for: heartbeats of links, HTTP API calls, changes of ids,
 * and control of devices.
 *
 * @param keepAlive how long a registration link may stay silent; told to clients in whole seconds
 * @param maxApiCall bytes of a frame that holds an HttpProxyRequest
 * @param changeId whether clients may change their id
 * @param access who may control a device
 */
public record LinkSettings(
    Duration keepAlive, int maxApiCall, boolean changeId, AccessMode access) {

  public LinkSettings {
    Checks.range("keep-alive", keepAlive, Duration.ofSeconds(3), Duration.ofMinutes(10));
    Checks.range("max-api-call", maxApiCall, 1 << 16, 1 << 24);
  }

  /** The settings {@code keep-alive}, {@code max-api-call}, {@code change-id}, {@code access}. */
  public static LinkSettings from(Config config) {
    SettingReader read = new SettingReader(config);
    return new LinkSettings(
        read.time("keep-alive"),
        read.number("max-api-call"),
        read.yes("change-id"),
        access(read.text(AccessMode.SETTING)));
  }

  private static AccessMode access(String text) {
    try {
      return AccessMode.valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new SettingException(AccessMode.SETTING, text, "write open, login or strict");
    }
  }
}
