/**
 * The tables of address books: SQL and rows, no rules. They are the same in SQLite and in
 * PostgreSQL. Secrets in rows are sealed.
 */
@NullMarked
package dev.rallypoint.store.book;

import org.jspecify.annotations.NullMarked;
