/** Nodes become one cluster. */
@NullMarked
package dev.rallypoint.forming;

import org.jspecify.annotations.NullMarked;
