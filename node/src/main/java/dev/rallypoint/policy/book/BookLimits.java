package dev.rallypoint.policy.book;

import java.time.Duration;

/** How much address books hold. */
public final class BookLimits {
  /** The most entries of one book; clients are told it. */
  public static final int ENTRIES = 20_000;

  /** The most tags of one book. */
  public static final int TAGS = 1_000;

  /** The most tags of one entry. */
  public static final int TAGS_OF_ENTRY = 64;

  /** The most shared books of one owner. */
  public static final int BOOKS = 100;

  /** The most rules of one book. */
  public static final int RULES = 1_000;

  /** The most bytes of all books of one owner, deleted entries among them. */
  public static final long BYTES = 32L * 1024 * 1024;

  /** What an entry counts beside its texts, in bytes: its row and its places in indexes. */
  public static final int ENTRY_BYTES = 256;

  /** How long what was deleted can be restored. */
  public static final Duration DELETED_FOR = Duration.ofDays(30);

  private BookLimits() {}
}
