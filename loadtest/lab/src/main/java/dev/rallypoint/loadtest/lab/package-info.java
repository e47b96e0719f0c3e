/**
 * The lab: simulated clients behind real NATs reach each other by means of a real server or
 * cluster, each process in a network namespace. See docs/lab.md. Needs root, {@code ip} and {@code
 * nft}.
 */
@NullMarked
package dev.rallypoint.loadtest.lab;

import org.jspecify.annotations.NullMarked;
