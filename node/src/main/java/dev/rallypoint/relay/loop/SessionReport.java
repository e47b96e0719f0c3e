package dev.rallypoint.relay.loop;

/**
 * What a running session does.
 *
 * @param seconds its age
 * @param bytes relayed so far, both directions
 * @param bytesPerSecond over the last whole second or so, both directions
 * @param highest the highest of those
 */
public record SessionReport(
    LegPair legs, long seconds, long bytes, long bytesPerSecond, long highest, boolean isLimited) {}
