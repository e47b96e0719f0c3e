package dev.rallypoint.loadtest.cluster;

import java.nio.file.Path;
import java.util.List;

/**
 * The description of a cluster to start.
 *
 * @param size the number of nodes
 * @param namesRelays whether each node gives clients the address of its own relay; otherwise all
 *     relays share one name
 * @param bySeeds whether nodes find each other by seed nodes and have the key pair in their data
 *     folders; otherwise they use the database for both
 * @param launcher bin/rallypoint
 * @param isMeasured whether the nodes compile as the launcher has them do; otherwise they have one
 *     compiler tier, so that they start fast on few cores
 * @param settings more settings of each node, {@code name=value}
 * @param work an empty folder for data and logs
 */
public record ClusterSpec(
    int size,
    boolean namesRelays,
    boolean bySeeds,
    Path launcher,
    boolean isMeasured,
    List<String> settings,
    Path work) {}
