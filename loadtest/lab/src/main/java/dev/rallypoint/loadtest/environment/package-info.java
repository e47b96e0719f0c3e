/**
 * The test environment on one Linux machine: network namespaces, node processes, agent processes
 * and external commands.
 */
@NullMarked
package dev.rallypoint.loadtest.environment;

import org.jspecify.annotations.NullMarked;
