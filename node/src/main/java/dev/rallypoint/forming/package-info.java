/** How nodes become one cluster, and how one of them leaves it. */
@NullMarked
package dev.rallypoint.forming;

import org.jspecify.annotations.NullMarked;
