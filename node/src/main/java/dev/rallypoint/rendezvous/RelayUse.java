package dev.rallypoint.rendezvous;

import java.util.List;

/**
 * How clients are sent to relays.
 *
 * @param names handed to clients; empty where each uses the ID server's host
 * @param silent those of them that did not answer the last check
 * @param isForced whether no two clients connect directly
 */
public record RelayUse(List<String> names, List<String> silent, boolean isForced) {}
