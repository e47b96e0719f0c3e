package dev.rallypoint.app.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * What a backup says of itself, as JSON in its entry {@code rallypoint-backup.json}. Properties
 * that are unknown are ignored, so a later version may add some without a new format.
 *
 * @param format the version of the format; {@link #FORMAT} is the latest that is understood
 * @param version the program that wrote it
 * @param created when, as ISO-8601 text
 * @param cluster the cluster's name where it was made of a PostgreSQL database, else empty
 * @param peers the number of peers
 * @param key the public key of the pair, or empty where there was none
 * @param files the other entries by their names
 */
record Manifest(
    int format,
    String version,
    String created,
    String cluster,
    long peers,
    String key,
    Map<String, Content> files) {
  /** The format that is written. */
  static final int FORMAT = 1;

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

  /**
   * One entry.
   *
   * @param size in bytes
   * @param sha256 the checksum in hexadecimal digits
   */
  record Content(long size, String sha256) {}

  Manifest {
    files = Map.copyOf(files);
  }

  byte[] json() {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The manifest of these bytes, or empty where they are none. */
  static Optional<Manifest> parse(byte[] json) {
    try {
      return Optional.of(JSON.readValue(json, Manifest.class));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
