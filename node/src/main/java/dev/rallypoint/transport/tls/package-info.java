/** Certificates and TLS: for clients on WebSocket ports, and between the nodes of a cluster. */
@NullMarked
package dev.rallypoint.transport.tls;

import org.jspecify.annotations.NullMarked;
