package dev.rallypoint.policy.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.config.Cidr;
import dev.rallypoint.config.NewIdLimits;
import dev.rallypoint.config.RegistrationLimits;
import dev.rallypoint.config.access.Enrolment;
import dev.rallypoint.policy.limit.RegistrationThrottle.HostUsage;
import dev.rallypoint.policy.limit.RegistrationThrottle.NewId;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The limits of registrations of one host, and the memory they take. */
class RegistrationThrottleTest {
  private static final long DAY = Duration.ofDays(1).toMillis();
  private static final PeerAddress HOST = at("203.0.113.7", 1000);

  private static final NewIdLimits NEW_IDS =
      new NewIdLimits(20, 1_000, 50_000, 0, Duration.ofDays(7), Enrolment.OPEN);

  private final RegistrationThrottle throttle =
      new RegistrationThrottle(
          new RegistrationLimits(
              3,
              2,
              NEW_IDS,
              3,
              Duration.ofSeconds(6),
              List.of(Cidr.parse("exempt", "10.0.0.0/8"))));

  private static PeerAddress at(String ip, int port) {
    return PeerAddress.of(InetAddress.ofLiteral(ip), port);
  }

  private static PeerId id(int number) {
    return new PeerId("peer-" + number);
  }

  private long admitted(PeerAddress source, int messages, long now) {
    return IntStream.range(0, messages).filter(i -> throttle.admits(source, false, now)).count();
  }

  private long admittedIds(PeerAddress source, int ids, long now) {
    return IntStream.range(0, ids)
        .filter(i -> throttle.admitNewId(source, false, id(i), now) == NewId.STORED)
        .count();
  }

  @Test
  void admitsAsManyMessagesAsTheLimitSays() {
    assertThat(admitted(HOST, 10, 0)).isEqualTo(3);
  }

  @Test
  void countsConnectionsApartFromDatagramsWhichAnybodyCanSendInTheirHostsName() {
    admitted(HOST, 100, 0);
    admittedIds(HOST, 100, 0);

    assertThat(throttle.admits(HOST, true, 0)).isTrue();
    assertThat(throttle.admitNewId(HOST, true, id(500), 0)).isEqualTo(NewId.STORED);
  }

  @Test
  void makesIdsOverALimitProvisionalWhenTheyComeByDatagram() {
    admittedIds(HOST, 2, 0);

    assertThat(throttle.admitNewId(HOST, false, id(2), 0)).isEqualTo(NewId.PROVISIONAL);
  }

  @Test
  void refusesIdsOverALimitThatComeByAConnection() {
    throttle.admitNewId(HOST, true, id(0), 0);
    throttle.admitNewId(HOST, true, id(1), 0);

    assertThat(throttle.admitNewId(HOST, true, id(2), 0)).isEqualTo(NewId.REFUSED);
  }

  @Test
  void storesABurstOfAllHostsTogetherAndThenAPace() {
    assertThat(storedOfForgedHosts(0, 3_000, 0)).isEqualTo(1_000);
    assertThat(storedOfForgedHosts(3_000, 3_000, 1_000)).isEqualTo(20);
  }

  @Test
  void storesNoMoreNewIdsInADayThanTheLimitSaysFromWhateverHosts() {
    long stored = 0;
    for (int second = 0; second < 10_000; second++) {
      stored += storedOfForgedHosts(second * 30, 30, second * 1_000L);
    }

    assertThat(stored).isEqualTo(50_000);
    assertThat(storedOfForgedHosts(0, 30, DAY)).isEqualTo(30);
  }

  @Test
  void storesAnExemptNetworksIdsWhateverOthersBring() {
    storedOfForgedHosts(0, 3_000, 0);

    assertThat(admittedIds(at("10.1.2.3", 1), 1_000, 0)).isEqualTo(1_000);
  }

  @Test
  void tellsDatagramsAndConnectionsOfAHostTogether() {
    admitted(HOST, 2, 0);
    throttle.admits(HOST, true, 0);

    assertThat(throttle.host(HOST, 0)).contains(new HostUsage(HOST.host(), 3, 0));
    assertThat(throttle.hosts(9, 0)).containsExactly(new HostUsage(HOST.host(), 3, 0));
  }

  /** How many are stored of so many ids, each from an address of its own. */
  private long storedOfForgedHosts(int first, int ids, long now) {
    return IntStream.range(first, first + ids)
        .filter(i ->
            throttle.admitNewId(PeerAddress.v4(0x0C00_0000 + i, 1), false, id(i), now)
                == NewId.STORED)
        .count();
  }

  @Test
  void countsAHostOverAllItsPorts() {
    admitted(HOST, 3, 0);
    assertThat(throttle.admits(HOST.withPort(2000), false, 0)).isFalse();
  }

  @Test
  void countsHostsApart() {
    admitted(HOST, 3, 0);
    assertThat(throttle.admits(at("203.0.113.8", 1000), false, 0)).isTrue();
  }

  @Test
  void keepsTheMinuteUntilItsEnd() {
    admitted(HOST, 3, 5);
    assertThat(throttle.admits(HOST, false, 60_004)).isFalse();
  }

  @Test
  void beginsANewMinuteWhenTheOldOneIsOver() {
    admitted(HOST, 100, 5);
    assertThat(admitted(HOST, 10, 60_005)).isEqualTo(3);
  }

  @Test
  void countsAnIpv6CustomerByItsNetworkOf64Bits() {
    admitted(at("2001:db8:1:2:aaaa::1", 1), 3, 0);
    assertThat(throttle.admits(at("2001:db8:1:2:bbbb::2", 1), false, 0)).isFalse();
  }

  @Test
  void countsTheNextIpv6NetworkApart() {
    admitted(at("2001:db8:1:2::1", 1), 3, 0);
    assertThat(throttle.admits(at("2001:db8:1:3::1", 1), false, 0)).isTrue();
  }

  @Test
  void neverStopsAnExemptNetworksMessages() {
    assertThat(admitted(at("10.1.2.3", 1), 1_000, 0)).isEqualTo(1_000);
  }

  @Test
  void neverStopsAnExemptNetworksIds() {
    assertThat(admittedIds(at("10.1.2.3", 1), 1_000, 0)).isEqualTo(1_000);
  }

  @Test
  void admitsAsManyNewIdsADayAsTheLimitSays() {
    assertThat(admittedIds(HOST, 10, 0)).isEqualTo(2);
  }

  @Test
  void admitsANewIdThatIsTriedAgainWhenTheDayIsFull() {
    admittedIds(HOST, 10, 0);
    assertThat(throttle.admitNewId(HOST, false, id(1), DAY - 1)).isEqualTo(NewId.STORED);
  }

  @Test
  void beginsANewDayWhenTheOldOneIsOver() {
    admittedIds(HOST, 10, 0);
    assertThat(throttle.admitNewId(HOST, false, id(7), DAY)).isEqualTo(NewId.STORED);
  }

  @Test
  void forgetsOneHostOnly() {
    PeerAddress other = at("203.0.113.8", 1);
    admitted(HOST, 3, 0);
    admitted(other, 3, 0);

    throttle.forget(HOST.withPort(9));

    assertThat(List.of(throttle.admits(HOST, false, 0), throttle.admits(other, false, 0)))
        .containsExactly(true, false);
  }

  @Test
  void forgetsAllHosts() {
    admitted(HOST, 3, 0);
    throttle.forgetAll();
    assertThat(throttle.hosts(10, 0)).isEmpty();
  }

  @Test
  void listsTheBusiestHostsFirst() {
    admitted(HOST, 1, 0);
    admitted(at("203.0.113.8", 1), 2, 0);
    admittedIds(at("2001:db8:1:2::1", 1), 2, 0);

    assertThat(throttle.hosts(2, 0))
        .containsExactly(
            new HostUsage(at("203.0.113.8", 0), 2, 0), new HostUsage(at("203.0.113.7", 0), 1, 0));
  }

  @Test
  void listsNoHostWhoseWindowsAreOver() {
    admitted(HOST, 3, 0);
    admittedIds(HOST, 2, 0);
    assertThat(throttle.hosts(10, DAY)).isEmpty();
  }

  @Test
  void tellsOneHostsCounts() {
    admitted(HOST, 5, 0);
    admittedIds(HOST, 5, 0);
    assertThat(throttle.host(HOST, 59_999)).contains(new HostUsage(HOST.host(), 5, 2));
  }

  @Test
  void knowsNothingOfAHostThatNeverCame() {
    assertThat(throttle.host(HOST, 0)).isEmpty();
  }

  @Test
  void staysBoundedUnderAMillionHosts() {
    for (int i = 0; i < 1_000_000; i++) {
      throttle.admits(PeerAddress.v4(i << 4 | 0x0B00_0001, 1), false, 0);
    }
    assertThat(throttle.hosts(Integer.MAX_VALUE, 0)).hasSizeBetween(100_000, 132_000);
  }

  @Test
  void staysBoundedUnderHostsWithManyLongIds() {
    RegistrationThrottle generous =
        new RegistrationThrottle(
            new RegistrationLimits(1, 1_000, NEW_IDS, 3, Duration.ofSeconds(6), List.of()));
    for (int host = 0; host < 1_000; host++) {
      for (int i = 0; i < 500; i++) {
        generous.admitNewId(
            PeerAddress.v4(0x0B00_0000 + host, 1),
            false,
            new PeerId("x".repeat(90) + host * 500 + i),
            0);
      }
    }
    assertThat(
            generous.hosts(Integer.MAX_VALUE, 0).stream().mapToLong(HostUsage::newIds).sum() * 186)
        .isLessThan(33L << 20);
  }
}
