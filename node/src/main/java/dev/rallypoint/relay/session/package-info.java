/**
 * The sharded actor of one relayed session, {@link dev.rallypoint.relay.session.RelaySession}, and
 * its messages. It decides which two legs become partners and knows no socket.
 */
@NullMarked
package dev.rallypoint.relay.session;

import org.jspecify.annotations.NullMarked;
