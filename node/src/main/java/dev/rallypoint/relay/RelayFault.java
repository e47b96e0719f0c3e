package dev.rallypoint.relay;

import org.apache.pekko.actor.CoordinatedShutdown;

/**
 * Why a node stops whose relay cannot go on: a loop of it ended without being told to. A supervisor
 * starts the node again.
 *
 * @param why the fault in one line
 */
public record RelayFault(String why) implements CoordinatedShutdown.Reason {}
