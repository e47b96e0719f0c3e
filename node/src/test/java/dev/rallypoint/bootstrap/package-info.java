/** Nodes become one cluster. */
@NullMarked
package dev.rallypoint.bootstrap;

import org.jspecify.annotations.NullMarked;
