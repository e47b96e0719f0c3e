package dev.rallypoint.config;

import java.nio.file.Path;

/**
 * All that one node is told.
 *
 * @param data the folder of the key pair, the database and the relay's lists
 * @param key the setting {@code key}, with hbbs's meanings: {@code -} or {@code _} load or create
 *     the pair in the data folder, 64 bytes in base64 are the secret pair itself, empty switches
 *     the key check off, any other text is the access key
 * @param bind the one ip all listeners bind to, or empty for all
 * @param rendezvous the ID server's settings
 * @param relay the relay's settings
 * @param store the database's settings
 * @param console whether the text consoles of 21115 and 21117 answer loopback connections
 */
public record NodeSettings(
    Path data,
    String key,
    String bind,
    RendezvousSettings rendezvous,
    RelaySettings relay,
    StoreSettings store,
    boolean console) {}
