/**
 * The database of ids and public keys: a SQLite file of hbbs's schema for one node, or a PostgreSQL
 * database that the nodes of a cluster share. It also copies rows from one to the other.
 */
@NullMarked
package dev.rallypoint.store;

import org.jspecify.annotations.NullMarked;
