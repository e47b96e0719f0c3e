package dev.rallypoint.rendezvous;

import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.protocol.secure.ServerKeyExchange;
import dev.rallypoint.time.Ticker;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The KeyExchange that begins each TCP connection. Drawing and signing an ephemeral key costs more
 * than all else that a short connection does, and most clients never answer it: connections of the
 * same second have one key. Safe for all threads.
 */
final class KeyExchangeOffers {
  private static final long KEPT_NANOS = Duration.ofSeconds(1).toNanos();

  private final SigningKey server;
  private final RandomGenerator random;
  private final Ticker ticker;
  private volatile @Nullable Offer last;

  private record Offer(ServerKeyExchange exchange, long since) {}

  /**
   * @param random a cryptographically strong source, safe for all threads
   */
  KeyExchangeOffers(SigningKey server, RandomGenerator random, Ticker ticker) {
    this.server = server;
    this.random = random;
    this.ticker = ticker;
  }

  /** The exchange for a new connection. */
  ServerKeyExchange next() {
    long now = ticker.nanos();
    Offer offer = last;
    if (offer == null || now - offer.since >= KEPT_NANOS || !offer.exchange.isOpen()) {
      offer = new Offer(ServerKeyExchange.create(server, random), now);
      last = offer;
    }
    return offer.exchange;
  }
}
