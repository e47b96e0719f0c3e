package dev.rallypoint.bootstrap;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * The row of one node in the table of members. All times are read from the clock of the database.
 *
 * @param address the address of the node, {@code host:port}
 * @param incarnation identifies one run of the node; a node that is started again has another one
 * @param started when this run became a member
 * @param heartbeat when the node last updated the row
 * @param age how long ago that was
 */
record MemberRow(
    String address, UUID incarnation, Instant started, Instant heartbeat, Duration age) {}
