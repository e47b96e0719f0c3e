/** Rules on address books: who may do what, how long texts are, and how much a book holds. */
@NullMarked
package dev.rallypoint.policy.book;

import org.jspecify.annotations.NullMarked;
