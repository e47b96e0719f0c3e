package dev.rallypoint.store;

import java.util.List;

/**
 * What became of the rows of a file.
 *
 * @param added rows that were not there
 * @param same rows that were there already, just so
 * @param conflicts ids that were there and are not the same; they stayed as they were
 * @param leftOut ids, with the reason, of rows that the database cannot hold
 */
public record ImportResult(long added, long same, List<String> conflicts, List<String> leftOut) {
  public ImportResult {
    conflicts = List.copyOf(conflicts);
    leftOut = List.copyOf(leftOut);
  }
}
