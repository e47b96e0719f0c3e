package dev.rallypoint.store;

import org.jspecify.annotations.Nullable;

/**
 * A row with all its columns, for copying it from one database to the other.
 *
 * @param ip the ip in {@code info}, as {@link StoredIp} normalises it; empty when there is none
 * @param created seconds since 1970, or null when the column holds no number
 */
record StoredPeer(
    byte[] guid,
    String id,
    byte[] uuid,
    byte[] key,
    String ip,
    @Nullable Long created,
    byte @Nullable [] user,
    @Nullable Long status,
    @Nullable String note,
    String info) {}
