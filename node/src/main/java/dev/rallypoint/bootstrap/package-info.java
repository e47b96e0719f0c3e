/**
 * How nodes become one cluster: discovery in the shared database or at seed nodes, the checks
 * before a node joins, and the decision which side of a split goes on.
 */
@NullMarked
package dev.rallypoint.bootstrap;

import org.jspecify.annotations.NullMarked;
