package dev.rallypoint.relay.backhaul;

import java.net.InetSocketAddress;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * Where and how a node takes connections of the other nodes of its cluster.
 *
 * @param bind what to listen on; port 0 for any
 * @param host the name or ip by which the other nodes reach it
 * @param tls the certificates that this node presents and trusts, where nodes use TLS
 */
public record BackhaulPort(InetSocketAddress bind, String host, Optional<SSLContext> tls) {}
