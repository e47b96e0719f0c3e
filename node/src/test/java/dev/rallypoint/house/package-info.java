/**
 * The rules of the house as tests: floors, rooms, names, sizes, time. What is planted in {@code
 * planted} breaks each of them on purpose, so that a rule that has stopped biting is seen.
 */
@NullMarked
package dev.rallypoint.house;

import org.jspecify.annotations.NullMarked;
