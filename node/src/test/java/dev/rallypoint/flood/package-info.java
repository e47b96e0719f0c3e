/** A whole node under floods of bad input: it must stay up, stay small and stay polite. */
@NullMarked
package dev.rallypoint.flood;

import org.jspecify.annotations.NullMarked;
