package dev.rallypoint.policy.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.config.Cidr;
import dev.rallypoint.policy.limit.ConnectionQuota.Occupant;
import dev.rallypoint.protocol.address.PeerAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which connection gives way when there is no place left, where there are 80. */
class EvictionTest {
  private static final PeerAddress BUSY = PeerAddress.v4(0xCB007107, 1000);
  private static final PeerAddress QUIET = PeerAddress.v4(0xCB007108, 1000);
  private static final PeerAddress NEW = PeerAddress.v4(0xCB007109, 1000);
  private static final PeerAddress EXEMPT = PeerAddress.v4(0xC0000201, 1000);

  private static final long NOW = Long.MAX_VALUE - 100; // the clock overflows soon

  private final ConnectionQuota quota =
      new ConnectionQuota(80, 80, List.of(Cidr.parse("exempt-networks", "192.0.2.0/24")));

  private record Connection(String name, long lastHeard, long opened) implements Occupant {
    @Override
    public void evict() {}
  }

  private Connection add(PeerAddress host, long lastHeard, boolean isLasting) {
    Connection connection = new Connection(host + " " + lastHeard + isLasting, lastHeard, NOW);
    quota.add(host, connection, isLasting);
    return connection;
  }

  private void addMany(PeerAddress host, int count, boolean isLasting) {
    for (int i = 0; i < count; i++) {
      add(host.withPort(i + 1), 1_000 + i, isLasting);
    }
  }

  @Test
  void takesTheIdlestOfTheBusiestHost() {
    add(QUIET, 1, false);
    add(BUSY, 30, false);
    Connection second = add(BUSY, 20, false);
    Connection first = add(BUSY, 10, false);
    assertThat(quota.evicted(NEW, NOW)).contains(first);
    assertThat(quota.evicted(NEW, NOW)).contains(second);
    assertThat(quota.evicted(NEW, NOW)).isEmpty();
  }

  @Test
  void takesTheIdlestThoughTheClockHasOverflown() {
    add(BUSY, Long.MIN_VALUE + 5, false);
    Connection idlest = add(BUSY, Long.MAX_VALUE - 5, false);
    add(BUSY, Long.MIN_VALUE + 6, false);
    assertThat(quota.evicted(NEW, NOW)).contains(idlest);
  }

  @Test
  void takesNoneForAHostThatHasAboutAsManyItself() {
    addMany(BUSY, 3, false);
    addMany(QUIET, 2, false);
    assertThat(quota.evicted(QUIET, NOW)).isEmpty();
    assertThat(quota.evicted(BUSY, NOW)).isEmpty();
    assertThat(quota.evicted(NEW, NOW)).isPresent();
  }

  @Test
  void takesNoneWhereEachHostHasOne() {
    add(BUSY, 1, false);
    add(QUIET, 1, false);
    assertThat(quota.evicted(NEW, NOW)).isEmpty();
    assertThat(quota.evicted(null, NOW)).isEmpty();
  }

  @Test
  void takesThoseThatLastOnlyWhereTheirHostHasMoreThanAnEighthOfThePlaces() {
    addMany(BUSY, 11, true);
    addMany(QUIET, 2, false);
    assertThat(quota.evicted(NEW, NOW)).map(Occupant::lastHeard).contains(1_000L);
    quota.remove(QUIET, new Connection(QUIET.withPort(2) + " 1001false", 1_001, NOW));
    assertThat(quota.evicted(NEW, NOW)).map(Occupant::lastHeard).contains(1_000L);
    assertThat(quota.evicted(NEW, NOW)).isEmpty();
  }

  @Test
  void countsAllConnectionsOfTheNewcomer() {
    addMany(NEW, 5, true);
    addMany(BUSY, 6, false);
    assertThat(quota.evicted(NEW, NOW)).isEmpty();
    add(BUSY.withPort(9), 9, false);
    assertThat(quota.evicted(NEW, NOW)).isPresent();
  }

  @Test
  void takesNoneOfAnExemptNetworkOrThatIsGone() {
    addMany(EXEMPT, 20, false);
    add(BUSY, 1, false);
    Connection gone = add(BUSY, 5, false);
    quota.remove(BUSY, gone);
    assertThat(quota.evicted(NEW, NOW)).isEmpty();
  }

  private Connection open(PeerAddress host, long age) {
    Connection connection = new Connection(host + " opened", NOW, NOW - age);
    quota.add(host, connection, false);
    return connection;
  }

  @Test
  void takesTheOldestWhereEachHostHasOneUnlessItIsYoung() {
    Connection oldest = open(BUSY, ConnectionQuota.LEAST_TIME + 2);
    Connection older = open(QUIET, ConnectionQuota.LEAST_TIME + 1);
    open(EXEMPT, ConnectionQuota.LEAST_TIME + 1);
    open(PeerAddress.v4(0xCB00710A, 1), ConnectionQuota.LEAST_TIME);
    assertThat(quota.evicted(NEW, NOW)).contains(oldest);
    assertThat(quota.evicted(NEW, NOW)).contains(older);
    assertThat(quota.evicted(NEW, NOW)).isEmpty();
  }

  @Test
  void takesTheOldestOfNoHostWithFewerThanTheNewcomer() {
    open(NEW, ConnectionQuota.LEAST_TIME + 1);
    open(BUSY, ConnectionQuota.LEAST_TIME + 1);
    assertThat(quota.evicted(NEW, NOW)).isEmpty();
    assertThat(quota.evicted(QUIET, NOW)).isPresent();
  }

  @Test
  void takesNoneThatLastsWhereEachHostHasOne() {
    quota.add(BUSY, new Connection("link", 1, 1), true);
    assertThat(quota.evicted(NEW, NOW)).isEmpty();
  }
}
