/** The judge over what a crowd was told. */
@NullMarked
package dev.rallypoint.loadtest.crowd;

import org.jspecify.annotations.NullMarked;
