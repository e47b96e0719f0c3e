package dev.rallypoint.store.book;

import dev.rallypoint.policy.book.BookRule;
import java.util.Optional;

/**
 * An address book, as one user may use it.
 *
 * @param guid 36 characters
 * @param owner whose it is
 * @param name empty for a personal one
 * @param password sealed, or empty
 * @param rule what the user may do
 */
public record Book(
    String guid,
    String org,
    Owner owner,
    String name,
    String note,
    String password,
    BookRule rule,
    Totals totals) {

  /**
   * Whose a book is.
   *
   * @param guid of the user; empty for a shared book whose owner was deleted
   * @param name of the user, or empty
   * @param isPersonal whether the book is the user's personal one
   */
  public record Owner(Optional<String> guid, String name, boolean isPersonal) {}

  /**
   * How much it holds.
   *
   * @param version grows with each change
   * @param entries without deleted ones
   * @param bytes of all entries
   */
  public record Totals(long version, int entries, long bytes) {}

  /** Whether it is somebody's personal one. */
  public boolean isPersonal() {
    return owner.isPersonal();
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "Book[" + guid + "]";
  }
}
