/** How the distribution is installed, and how hbbs moves in and back. */
@NullMarked
package dev.rallypoint.install;

import org.jspecify.annotations.NullMarked;
