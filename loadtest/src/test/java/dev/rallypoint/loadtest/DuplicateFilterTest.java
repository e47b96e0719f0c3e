package dev.rallypoint.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.protocol.address.PeerAddress;
import org.junit.jupiter.api.Test;

class DuplicateFilterTest {
  private static final long MILLI = 1_000_000L;
  private static final PeerAddress A = PeerAddress.v4(0xCB007107, 1111);
  private static final PeerAddress OTHER = PeerAddress.v4(0xCB007107, 2222);

  private final DuplicateFilter filter = new DuplicateFilter();

  @Test
  void dropsTheSameAddressWithinAHundredMilliseconds() {
    filter.isRepeat(A, 0);

    assertThat(filter.isRepeat(A, 99 * MILLI)).isTrue();
  }

  @Test
  void keepsTheSameAddressAfterAHundredMilliseconds() {
    filter.isRepeat(A, 0);

    assertThat(filter.isRepeat(A, 100 * MILLI)).isFalse();
  }

  @Test
  void keepsAnotherPortOfTheSameHost() {
    filter.isRepeat(A, 0);

    assertThat(filter.isRepeat(OTHER, MILLI)).isFalse();
  }

  @Test
  void remembersOnlyTheAddressBefore() {
    filter.isRepeat(A, 0);
    filter.isRepeat(OTHER, MILLI);

    assertThat(filter.isRepeat(A, 2 * MILLI)).isFalse();
  }
}
