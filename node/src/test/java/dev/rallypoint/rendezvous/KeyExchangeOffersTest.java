package dev.rallypoint.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.protocol.secure.ServerKeyExchange;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class KeyExchangeOffersTest {
  private final AtomicLong nanos = new AtomicLong();
  private final KeyExchangeOffers offers =
      new KeyExchangeOffers(SigningKey.generate(new Random(1)), new Random(2), nanos::get);

  @Test
  void connectionsOfOneSecondHaveOneKey() {
    ServerKeyExchange first = offers.next();
    nanos.addAndGet(Duration.ofSeconds(1).toNanos() - 1);

    assertThat(offers.next()).isSameAs(first);
  }

  @Test
  void connectionsOfTheNextSecondHaveAnother() {
    ServerKeyExchange first = offers.next();
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());

    assertThat(offers.next().offer()).isNotEqualTo(first.offer());
  }
}
