package dev.rallypoint.config;

import java.util.List;

/**
 * What was read from all sources.
 *
 * @param node the settings
 * @param log what the log tells, how, and where
 * @param chosen the settings that differ from the default, by their names
 * @param warnings one line each for what was written and means nothing here
 */
public record LoadedSettings(
    NodeSettings node, LogSettings log, List<Chosen> chosen, List<String> warnings) {

  /**
   * A setting whose value differs from the default.
   *
   * @param value the value as it may be shown: a secret is not in it
   * @param source where it was written, such as {@code from .env:3}
   */
  public record Chosen(String name, String value, String source) {}

  public LoadedSettings {
    chosen = List.copyOf(chosen);
    warnings = List.copyOf(warnings);
  }
}
