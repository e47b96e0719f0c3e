/**
 * Real balancers in front of three nodes, with the examples of {@code docker/proxies}; see
 * docs/balancers.md. Needs root, {@code ip}, {@code nft} and the balancers' programs.
 */
@NullMarked
package dev.rallypoint.loadtest.balancers;

import org.jspecify.annotations.NullMarked;
