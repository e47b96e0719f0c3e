/** The command line and the key files, as an operator meets them. */
@NullMarked
package dev.rallypoint.app;

import org.jspecify.annotations.NullMarked;
