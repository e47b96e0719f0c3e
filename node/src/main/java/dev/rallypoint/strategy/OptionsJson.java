package dev.rallypoint.strategy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rallypoint.policy.strategy.StrategyOptions;

/** Options as the database has them. */
final class OptionsJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private OptionsJson() {}

  static String text(StrategyOptions options) {
    try {
      return MAPPER.writeValueAsString(options);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("options cannot be written", e);
    }
  }

  static StrategyOptions options(String text) {
    try {
      return MAPPER.readValue(text, StrategyOptions.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the database has options that cannot be read", e);
    }
  }
}
