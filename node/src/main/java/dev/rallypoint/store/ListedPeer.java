package dev.rallypoint.store;

import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * What an operator sees of a row.
 *
 * @param id the id as the database has it; a file of hbbs may hold anything
 * @param ip the ip that it last registered from, or empty
 * @param stored when the row was made; null where the database does not say
 * @param lastSeen the last day on which the device was online; null where that is not known
 * @param hasKey whether a public key is stored; a row of hbbs may lack it
 */
public record ListedPeer(
    String id, String ip, @Nullable Instant stored, @Nullable LocalDate lastSeen, boolean hasKey) {

  /** Of columns as both databases give them: seconds and days since 1970, null where none is. */
  static ListedPeer of(
      String id, @Nullable String ip, @Nullable Long stored, @Nullable Long day, long keyLength) {
    return new ListedPeer(
        id,
        StoredIp.normalise(ip),
        stored == null ? null : Instant.ofEpochSecond(stored),
        day == null ? null : LocalDate.ofEpochDay(day),
        keyLength > 0);
  }
}
