/**
 * The lab: a server and peers as real processes in network namespaces, the peers behind real NATs
 * made of nftables. {@link dev.rallypoint.loadtest.lab.Lab} is the program; it needs root, {@code
 * ip} and {@code nft}, and removes everything it built.
 */
@NullMarked
package dev.rallypoint.loadtest.lab;

import org.jspecify.annotations.NullMarked;
