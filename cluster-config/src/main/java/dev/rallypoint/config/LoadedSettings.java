package dev.rallypoint.config;

import java.util.List;

/**
 * What was read from all sources.
 *
 * @param node the settings
 * @param logLevel how much the log tells
 * @param warnings one line each for what was written and means nothing here
 */
public record LoadedSettings(NodeSettings node, LogLevel logLevel, List<String> warnings) {

  public LoadedSettings {
    warnings = List.copyOf(warnings);
  }
}
