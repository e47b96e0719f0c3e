package dev.rallypoint.config;

/** Where settings are written, the strongest first. */
enum SettingSource {
  FLAG,
  INI,
  DOT_ENV,
  ENVIRONMENT;

  /** Whether names of other programs live here too. */
  boolean isShared() {
    return this == DOT_ENV || this == ENVIRONMENT;
  }
}
