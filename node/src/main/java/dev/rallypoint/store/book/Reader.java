package dev.rallypoint.store.book;

/**
 * Who asks for books.
 *
 * @param org the guid of the organization
 * @param user the guid of the user
 */
public record Reader(String org, String user, boolean isAdmin) {}
