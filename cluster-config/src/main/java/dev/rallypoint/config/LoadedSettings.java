package dev.rallypoint.config;

import java.util.List;

/**
 * What was read from all sources.
 *
 * @param node the settings
 * @param log what the log tells, how, and where
 * @param chosen the settings that differ from the default, by their names; secrets are not in them
 * @param warnings one line each for what was written and means nothing here
 */
public record LoadedSettings(
    NodeSettings node, LogSettings log, List<WrittenSetting> chosen, List<String> warnings) {

  public LoadedSettings {
    chosen = List.copyOf(chosen);
    warnings = List.copyOf(warnings);
  }
}
