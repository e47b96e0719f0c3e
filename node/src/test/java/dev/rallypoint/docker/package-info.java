/** What the folder {@code docker} promises, as far as it can be seen without an engine. */
@NullMarked
package dev.rallypoint.docker;

import org.jspecify.annotations.NullMarked;
