package dev.rallypoint.relay.backhaul;

import java.net.InetSocketAddress;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * Where and how a node of a real cluster takes relayed bytes from the others.
 *
 * @param bind what to listen on; port 0 for any
 * @param host what the other nodes reach it by, a name or an ip
 * @param tls when nodes show each other certificates: those that this one shows, and trusts
 */
public record BackhaulPort(InetSocketAddress bind, String host, Optional<SSLContext> tls) {}
