/**
 * What a client does over its links: peers and their answers to pushes, punches, relayed sessions.
 * Knows nothing of Gatling.
 */
@NullMarked
package dev.rallypoint.loadtest.gatling.client;

import org.jspecify.annotations.NullMarked;
