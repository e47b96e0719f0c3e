/**
 * Tests of the simulated client against scripted servers; tests with a node are in the module node.
 */
@NullMarked
package dev.rallypoint.loadtest.peer;

import org.jspecify.annotations.NullMarked;
