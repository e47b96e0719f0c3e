package dev.rallypoint.loadtest.cluster;

import java.nio.file.Path;
import java.util.List;

/**
 * What cluster is wanted.
 *
 * @param size how many nodes
 * @param namesRelays whether each node tells clients its own relay's address; otherwise all share
 *     the one name that clients know
 * @param bySeeds whether nodes find each other by seed nodes, and have the key pair in their
 *     folders, instead of both through the database
 * @param launcher bin/rallypoint
 * @param settings more of them for each node, {@code name=value}
 * @param work an empty folder for everything
 */
public record ClusterPlan(
    int size,
    boolean namesRelays,
    boolean bySeeds,
    Path launcher,
    List<String> settings,
    Path work) {}
