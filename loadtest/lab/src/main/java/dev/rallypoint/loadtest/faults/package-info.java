/**
 * Fault runs: a cluster under load is damaged, and measured figures are compared with goals. See
 * docs/faults.md. Needs root, {@code ip} and {@code nft}.
 */
@NullMarked
package dev.rallypoint.loadtest.faults;

import org.jspecify.annotations.NullMarked;
