package dev.rallypoint.cluster;

/**
 * A node that relays, by its last announcement.
 *
 * @param node its address in the cluster
 * @param name host or host:port under which clients reach this very node, or empty
 * @param isDraining whether it takes no new sessions
 * @param sessions how many it has
 */
public record RelayNode(String node, String name, boolean isDraining, int sessions) {}
