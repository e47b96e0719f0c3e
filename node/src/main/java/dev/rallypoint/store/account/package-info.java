/**
 * The database of accounts, tokens and devices of the HTTP API: SQL and rows, no rules. The tables
 * are the same in SQLite and in PostgreSQL.
 */
@NullMarked
package dev.rallypoint.store.account;

import org.jspecify.annotations.NullMarked;
