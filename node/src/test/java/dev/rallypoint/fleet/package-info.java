/** Many honest clients behind one address, which no limit may refuse. */
@NullMarked
package dev.rallypoint.fleet;

import org.jspecify.annotations.NullMarked;
