package dev.rallypoint.store.book;

import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Statements on the copies of whole books that clients below 1.2.4 keep and write back. */
public final class CopyTable {
  private CopyTable() {}

  /** Notes which version of a book the client of a token has read. */
  public static void save(Handle handle, String token, String org, String book, long version) {
    handle
        .createUpdate(
            """
            insert into api_address_book_copy (token, org, book, version)
            values (:token, :org, :book, :version)
            on conflict (token) do update set book = excluded.book, version = excluded.version
            """)
        .bind("token", token)
        .bind("org", org)
        .bind("book", book)
        .bind("version", version)
        .execute();
  }

  /** The version that the client of a token has read. */
  public static Optional<Long> version(Handle handle, String token, String book) {
    return handle
        .createQuery(
            "select version from api_address_book_copy where token = :token and book = :book")
        .bind("token", token)
        .bind("book", book)
        .mapTo(Long.class)
        .findOne();
  }
}
