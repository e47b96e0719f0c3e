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

  private final ConnectionQuota quota =
      new ConnectionQuota(80, 80, List.of(Cidr.parse("exempt-networks", "192.0.2.0/24")));

  private record Connection(String name, long lastHeard) implements Occupant {
    @Override
    public void evict() {}
  }

  private Connection add(PeerAddress host, long lastHeard, boolean isLasting) {
    Connection connection = new Connection(host + " " + lastHeard + isLasting, lastHeard);
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
    assertThat(quota.evicted(NEW)).contains(first);
    assertThat(quota.evicted(NEW)).contains(second);
    assertThat(quota.evicted(NEW)).isEmpty();
  }

  @Test
  void takesTheIdlestThoughTheClockHasOverflown() {
    add(BUSY, Long.MIN_VALUE + 5, false);
    Connection idlest = add(BUSY, Long.MAX_VALUE - 5, false);
    add(BUSY, Long.MIN_VALUE + 6, false);
    assertThat(quota.evicted(NEW)).contains(idlest);
  }

  @Test
  void takesNoneForAHostThatHasAboutAsManyItself() {
    addMany(BUSY, 3, false);
    addMany(QUIET, 2, false);
    assertThat(quota.evicted(QUIET)).isEmpty();
    assertThat(quota.evicted(BUSY)).isEmpty();
    assertThat(quota.evicted(NEW)).isPresent();
  }

  @Test
  void takesNoneWhereEachHostHasOne() {
    add(BUSY, 1, false);
    add(QUIET, 1, false);
    assertThat(quota.evicted(NEW)).isEmpty();
    assertThat(quota.evicted(null)).isEmpty();
  }

  @Test
  void takesThoseThatLastOnlyWhereTheirHostHasMoreThanAnEighthOfThePlaces() {
    addMany(BUSY, 11, true);
    addMany(QUIET, 2, false);
    assertThat(quota.evicted(NEW)).map(Occupant::lastHeard).contains(1_000L);
    quota.remove(QUIET, new Connection(QUIET.withPort(2) + " 1001false", 1_001));
    assertThat(quota.evicted(NEW)).map(Occupant::lastHeard).contains(1_000L);
    assertThat(quota.evicted(NEW)).isEmpty();
  }

  @Test
  void countsAllConnectionsOfTheNewcomer() {
    addMany(NEW, 5, true);
    addMany(BUSY, 6, false);
    assertThat(quota.evicted(NEW)).isEmpty();
    add(BUSY.withPort(9), 9, false);
    assertThat(quota.evicted(NEW)).isPresent();
  }

  @Test
  void takesNoneOfAnExemptNetworkOrThatIsGone() {
    addMany(EXEMPT, 20, false);
    add(BUSY, 1, false);
    Connection gone = add(BUSY, 5, false);
    quota.remove(BUSY, gone);
    assertThat(quota.evicted(NEW)).isEmpty();
  }
}
