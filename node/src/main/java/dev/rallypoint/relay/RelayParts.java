package dev.rallypoint.relay;

import dev.rallypoint.cluster.RelayDirectory;
import dev.rallypoint.config.ConsoleMode;
import dev.rallypoint.config.RelaySettings;
import dev.rallypoint.policy.AccessKey;
import dev.rallypoint.relay.backhaul.BackhaulPort;
import dev.rallypoint.transport.PortPolicies;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a relay is started with.
 *
 * @param bind the one ip to listen on, or empty for all
 * @param data the folder of {@code blacklist.txt} and {@code blocklist.txt}
 * @param console which commands connections from this machine may give
 * @param backhaul where other nodes connect; none in a cluster of one
 */
public record RelayParts(
    RelaySettings settings,
    String bind,
    AccessKey accessKey,
    Path data,
    ConsoleMode console,
    PortPolicies portPolicies,
    RelayDirectory directory,
    Optional<BackhaulPort> backhaul) {}
