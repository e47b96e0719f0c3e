package dev.rallypoint.relay.loop;

/**
 * What a running session does.
 *
 * @param legs its two legs
 * @param seconds its age
 * @param bytes relayed so far, both directions
 * @param bytesPerSecond over the last whole second or so, both directions
 * @param highest the highest of those
 * @param isLimited whether it has the limited speed now
 */
public record SessionReport(
    LegPair legs, long seconds, long bytes, long bytesPerSecond, long highest, boolean isLimited) {}
