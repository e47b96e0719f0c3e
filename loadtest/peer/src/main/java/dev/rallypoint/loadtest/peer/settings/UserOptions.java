package dev.rallypoint.loadtest.peer.settings;

/**
 * What the user of a client has set.
 *
 * @param key the text of the key option; empty when the user set none
 * @param token the access token of a logged-in user; empty when nobody is logged in
 * @param forceRelay whether the client asks for a relay without trying a direct connection
 * @param udpPunch how the client uses UDP hole punching
 */
public record UserOptions(String key, String token, boolean forceRelay, UdpPunch udpPunch) {}
