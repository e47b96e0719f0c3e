package dev.rallypoint.metrics.access;

/**
 * The two sides of a relay session, as the log names them.
 *
 * @param session the uuid, the same on both nodes of a session over two nodes
 * @param a address of the controlling side, or of the node that it is connected to
 * @param b address of the controlled side, or of the node that it is connected to
 * @param here {@code both}, or the one side that is connected to this node, {@code a} or {@code b}
 * @param type what the session is for, by the controlling side
 */
public record RelayedLegs(String session, String a, String b, String here, String type) {}
