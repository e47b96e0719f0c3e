package dev.rallypoint.store;

import org.jspecify.annotations.Nullable;

/**
 * A whole row, as it is carried from one database to another.
 *
 * @param ip the ip that {@code info} holds, in the one form; empty when it holds none
 * @param created seconds since 1970, or null when that cannot be read
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
