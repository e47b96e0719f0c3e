package dev.rallypoint.loadtest.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.protocol.address.PeerAddress;
import org.junit.jupiter.api.Test;

class DuplicatePushFilterTest {
  private static final long MILLI = 1_000_000L;
  private static final PeerAddress A = PeerAddress.v4(0xCB007107, 1111);
  private static final PeerAddress OTHER = PeerAddress.v4(0xCB007107, 2222);

  private final DuplicatePushFilter filter = new DuplicatePushFilter();

  @Test
  void dropsTheSameAddressWithinAHundredMilliseconds() {
    filter.isDuplicate(A, 0);

    assertThat(filter.isDuplicate(A, 99 * MILLI)).isTrue();
  }

  @Test
  void keepsTheSameAddressAfterAHundredMilliseconds() {
    filter.isDuplicate(A, 0);

    assertThat(filter.isDuplicate(A, 100 * MILLI)).isFalse();
  }

  @Test
  void keepsAnotherPortOfTheSameHost() {
    filter.isDuplicate(A, 0);

    assertThat(filter.isDuplicate(OTHER, MILLI)).isFalse();
  }

  @Test
  void remembersOnlyTheAddressBefore() {
    filter.isDuplicate(A, 0);
    filter.isDuplicate(OTHER, MILLI);

    assertThat(filter.isDuplicate(A, 2 * MILLI)).isFalse();
  }
}
