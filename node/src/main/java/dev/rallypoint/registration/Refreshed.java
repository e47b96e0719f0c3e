package dev.rallypoint.registration;

import dev.rallypoint.cluster.ClusterMessage;

/**
 * An entity's answer to {@link PeerRegistration.Refresh}.
 *
 * @param keyRequired whether the peer must send RegisterPk before it is found at this address
 */
public record Refreshed(boolean keyRequired) implements ClusterMessage {}
