/**
 * The top floor: the command line, the key files, and the wiring of a node. Nobody imports it. What
 * a command does to the outside (output, environment, process exit) is handed to it.
 */
@NullMarked
package dev.rallypoint.app;

import org.jspecify.annotations.NullMarked;
