/**
 * The rules of the architecture as tests: layers, packages, names, sizes, time. The classes in
 * {@code planted} break each rule on purpose, so that a rule that finds nothing any more is seen.
 */
@NullMarked
package dev.rallypoint.architecture;

import org.jspecify.annotations.NullMarked;
