/**
 * Address books: personal and shared ones, their entries and tags, who may use them, and what was
 * deleted. It knows nothing of HTTP.
 */
@NullMarked
package dev.rallypoint.book;

import org.jspecify.annotations.NullMarked;
