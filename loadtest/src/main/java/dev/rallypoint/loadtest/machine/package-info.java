/**
 * The one machine that everything is played on: its network namespaces, its commands, the processes
 * that are started in the namespaces.
 */
@NullMarked
package dev.rallypoint.loadtest.machine;

import org.jspecify.annotations.NullMarked;
