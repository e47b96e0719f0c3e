package dev.rallypoint.store;

import java.util.List;

/**
 * The result of an import, in numbers of rows.
 *
 * @param added rows that were added
 * @param same rows that the database held already, all columns equal
 * @param conflicts ids whose row in the database differs; it was not changed
 * @param leftOut ids of rows that the database cannot hold, with the reason
 */
public record ImportResult(long added, long same, List<String> conflicts, List<String> leftOut) {
  public ImportResult {
    conflicts = List.copyOf(conflicts);
    leftOut = List.copyOf(leftOut);
  }
}
