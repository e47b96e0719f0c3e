package dev.rallypoint.relay.loop;

import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.ConnType;

/**
 * What a live session is doing.
 *
 * @param uuid what its two legs named
 * @param a the controlling side
 * @param b the controlled side
 * @param connType what the controlling side said the session is for
 * @param seconds its age
 * @param bytes moved so far, both directions
 * @param bytesPerSecond over the last whole second or so, both directions
 * @param highest the highest of those
 * @param isLimited whether it is slowed down to the limited speed
 */
public record SessionReport(
    String uuid,
    PeerAddress a,
    PeerAddress b,
    ConnType connType,
    long seconds,
    long bytes,
    long bytesPerSecond,
    long highest,
    boolean isLimited) {}
