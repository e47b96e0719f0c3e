package dev.rallypoint.policy.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.config.Cidr;
import dev.rallypoint.protocol.address.PeerAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The ids that the online queries of a host may name. */
class OnlineQueryLimitTest {
  private static final PeerAddress HOST = at("203.0.113.7", 1_000);

  private final OnlineQueryLimit limit =
      new OnlineQueryLimit(60_000, List.of(Cidr.parse("exempt-networks", "10.0.0.0/8")));

  private static PeerAddress at(String ip, int port) {
    return PeerAddress.of(InetAddress.ofLiteral(ip), port);
  }

  /** The ids that are answered of queries for so many each, at one moment. */
  private long answered(PeerAddress from, int queries, int ids, long now) {
    return IntStream.range(0, queries).filter(i -> limit.admits(from, ids, now)).count() * ids;
  }

  @Test
  void answersAnAddressBookOfFiveThousandEverySixSecondsForAsLongAsItIsOpen() {
    assertThat(IntStream.range(0, 1_000).allMatch(i -> limit.admits(HOST, 5_000, i * 6_000L)))
        .isTrue();
  }

  @Test
  void answersTheOpeningAddressBooksOfAnOffice() {
    assertThat(IntStream.range(0, 300).allMatch(i -> limit.admits(HOST, 200, i))).isTrue();
  }

  @Test
  void answersAMinutesIdsAtOnceAndNoMore() {
    assertThat(answered(HOST, 100, 5_000, 0)).isEqualTo(60_000);
  }

  @Test
  void goesOnAtAPace() {
    answered(HOST, 100, 5_000, 0);

    assertThat(answered(HOST, 100, 1_000, 5_000)).isEqualTo(5_000);
  }

  @Test
  void countsAHostOverAllItsPortsAndAnIpv6CustomerByItsNetwork() {
    answered(HOST, 100, 5_000, 0);
    answered(at("2001:db8:1:2::1", 1), 100, 5_000, 0);

    assertThat(limit.admits(HOST.withPort(9), 1_000, 0)).isFalse();
    assertThat(limit.admits(at("2001:db8:1:2:aaaa::9", 1), 1_000, 0)).isFalse();
    assertThat(limit.admits(at("2001:db8:1:3::1", 1), 1_000, 0)).isTrue();
  }

  @Test
  void countsAQueryForNothingToo() {
    assertThat(answered(HOST, 100_000, 0, 0)).isZero();
    assertThat(limit.admits(HOST, 0, 0)).isFalse();
  }

  @Test
  void answersAQueryThatIsLongerThanAMinutesIdsWhenTheHostHasAskedNothingElse() {
    OnlineQueryLimit small = new OnlineQueryLimit(100, List.of());

    assertThat(small.admits(HOST, 10_000, 0)).isTrue();
    assertThat(small.admits(HOST, 10_000, 59_999)).isFalse();
    assertThat(small.admits(HOST, 10_000, 60_000)).isTrue();
  }

  @Test
  void neverStopsAnExemptNetwork() {
    assertThat(answered(at("10.1.2.3", 1), 100, 5_000, 0)).isEqualTo(500_000);
  }
}
