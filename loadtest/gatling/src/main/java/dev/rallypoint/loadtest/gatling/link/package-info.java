/**
 * Links to a server over UDP, TCP and WebSocket on Netty, their time limits, and what all links of
 * a run share.
 */
@NullMarked
package dev.rallypoint.loadtest.gatling.link;

import org.jspecify.annotations.NullMarked;
