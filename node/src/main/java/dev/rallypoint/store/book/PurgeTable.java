package dev.rallypoint.store.book;

import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Statements that delete for good what is in recycle bins. Times are milliseconds since 1970. */
public final class PurgeTable {
  private PurgeTable() {}

  /** A book with something that was deleted before a moment, or that was deleted itself. */
  public static Optional<String> next(Handle handle, long before) {
    return handle
        .createQuery(
            """
            select book from (
              select book, deleted_at from api_address_book_peer where deleted_at < :before
              union all
              select guid as book, deleted_at from api_address_book where deleted_at < :before
            ) x order by deleted_at limit 1
            """)
        .bind("before", before)
        .mapTo(String.class)
        .findOne();
  }

  /**
   * Purges entries of a book that were deleted before a moment, or all if the book was. A book that
   * was, and has no entries left, is deleted too.
   *
   * @param most at most so many entries
   */
  public static void purge(Handle handle, String book, long before, int most) {
    // Locks the book, so that what it holds is counted right.
    handle
        .createUpdate("update api_address_book set version = version + 1 where guid = :book")
        .bind("book", book)
        .execute();
    handle
        .createUpdate(
            """
            delete from api_address_book_peer where book = :book and peer_id in (
              select p.peer_id from api_address_book_peer p
              join api_address_book b on b.guid = p.book
              where p.book = :book and (p.deleted_at < :before or b.deleted_at < :before)
              limit :most)
            """)
        .bind("book", book)
        .bind("before", before)
        .bind("most", most)
        .execute();
    BookTable.recount(handle, book);
    handle
        .createUpdate(
            """
            delete from api_address_book where guid = :book and deleted_at < :before
              and not exists (select 1 from api_address_book_peer p where p.book = :book)
            """)
        .bind("book", book)
        .bind("before", before)
        .execute();
  }

  /** Empties the recycle bin of a book that is being changed, and that of its owner's books. */
  public static void empty(Handle handle, String book, String owner) {
    handle
        .createUpdate(
            "delete from api_address_book_peer where book = :book and deleted_at is not null")
        .bind("book", book)
        .execute();
    handle
        .createUpdate(
            "delete from api_address_book where owner = :owner and deleted_at is not null")
        .bind("owner", owner)
        .execute();
    BookTable.recount(handle, book);
  }
}
