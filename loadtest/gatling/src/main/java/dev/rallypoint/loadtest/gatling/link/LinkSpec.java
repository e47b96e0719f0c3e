package dev.rallypoint.loadtest.gatling.link;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a link is opened.
 *
 * @param way what carries the messages
 * @param server where to
 * @param source the own address; null lets the system choose
 * @param encrypted whether the KeyExchange of the server is awaited and answered; TCP only
 * @param keptAlive whether empty frames are answered, as a registered peer does
 * @param timeout how long the opening may take
 */
public record LinkSpec(
    Way way,
    InetSocketAddress server,
    @Nullable InetAddress source,
    boolean encrypted,
    boolean keptAlive,
    Duration timeout) {}
