package dev.rallypoint.store.book;

/**
 * What is noted with a change of a book.
 *
 * @param book its guid
 * @param version the book's, from this change on
 * @param changedBy the guid of the token, or empty
 * @param now milliseconds since 1970
 */
public record Stamp(String book, String org, long version, String changedBy, long now) {}
