package dev.rallypoint.store.book;

import java.util.Optional;

/**
 * An entry as it is stored.
 *
 * @param entry its secrets are sealed
 * @param version the book's when it was last changed
 * @param changedBy the guid of the token by which, or empty
 * @param deletedAt milliseconds since 1970, or empty for one that is not deleted
 */
public record StoredEntry(Entry entry, long version, String changedBy, Optional<Long> deletedAt) {
  /** Whether it is in the book. */
  public boolean isLive() {
    return deletedAt.isEmpty();
  }
}
