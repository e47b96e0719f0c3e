package dev.rallypoint.app;

import dev.rallypoint.policy.AccessKey;
import dev.rallypoint.protocol.identity.SigningKey;
import java.util.Optional;

/**
 * What a node signs with, and what clients must name.
 *
 * @param signing the server's key pair, or empty when the node signs nothing
 * @param access the access key
 */
public record ServerKey(Optional<SigningKey> signing, AccessKey access) {}
