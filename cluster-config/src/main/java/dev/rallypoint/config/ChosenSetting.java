package dev.rallypoint.config;

/**
 * A setting whose value differs from the default.
 *
 * @param value the value as it may be shown: a secret is not in it
 * @param source where it was written, such as {@code from .env:3}
 */
public record ChosenSetting(String name, String value, String source) {}
