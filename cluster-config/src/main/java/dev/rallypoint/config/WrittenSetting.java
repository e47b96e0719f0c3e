package dev.rallypoint.config;

import dev.rallypoint.config.text.Quotes;

/**
 * A name and a value as an operator wrote them.
 *
 * @param name the name in its own spelling
 * @param value the value, without quotes
 * @param where where it stands, such as {@code from .env:3}
 */
public record WrittenSetting(String name, String value, String where) {
  /** Takes quotes off the value. */
  public WrittenSetting {
    value = Quotes.off(value);
  }
}
