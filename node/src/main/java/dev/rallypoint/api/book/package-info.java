/** The routes of address books: for clients from 1.2.4 on, for older ones, and for scripts. */
@NullMarked
package dev.rallypoint.api.book;

import org.jspecify.annotations.NullMarked;
