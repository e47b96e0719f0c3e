/**
 * The command line. What a command does to the outside (output, environment, process exit) is
 * passed to it, so that tests run commands in their own process.
 */
@NullMarked
package dev.rallypoint.app.cli;

import org.jspecify.annotations.NullMarked;
