/** The program {@code loadtest}: the command line of all labs, fault runs and benchmarks. */
@NullMarked
package dev.rallypoint.loadtest;

import org.jspecify.annotations.NullMarked;
