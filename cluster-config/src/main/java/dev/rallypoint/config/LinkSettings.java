package dev.rallypoint.config;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * The ID server's connections: heartbeats of links, HTTP API calls, and changes of ids.
 *
 * @param keepAlive how long a registration link may stay silent; told to clients in whole seconds
 * @param maxApiCall bytes of a frame that holds an HttpProxyRequest
 * @param changeId whether clients may change their id
 */
public record LinkSettings(Duration keepAlive, int maxApiCall, boolean changeId) {

  public LinkSettings {
    Checks.range("keep-alive", keepAlive, Duration.ofSeconds(3), Duration.ofMinutes(10));
    Checks.range("max-api-call", maxApiCall, 1 << 16, 1 << 24);
  }

  /** The settings {@code keep-alive}, {@code max-api-call} and {@code change-id}. */
  public static LinkSettings from(Config config) {
    SettingReader read = new SettingReader(config);
    return new LinkSettings(
        read.time("keep-alive"), read.number("max-api-call"), read.yes("change-id"));
  }
}
