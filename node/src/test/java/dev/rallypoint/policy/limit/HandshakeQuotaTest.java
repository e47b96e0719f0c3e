package dev.rallypoint.policy.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.protocol.address.PeerAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which handshakes may be under way, and who is next. */
class HandshakeQuotaTest {
  private static final long PATIENCE = HandshakeQuota.PATIENCE.toNanos();

  private final List<String> admitted = new ArrayList<>();
  private final Map<String, HandshakeQuota.Place> places = new HashMap<>();
  private final List<String> givenUp = new ArrayList<>();
  private HandshakeQuota quota = new HandshakeQuota(4, 2);
  private long now = -1; // the clock may be anywhere

  private final class Told implements HandshakeQuota.Listener {
    private final String name;

    Told(String name) {
      this.name = name;
    }

    @Override
    public void onAdmitted() {
      admitted.add(name);
    }

    @Override
    public void onGivenUp() {
      givenUp.add(name);
    }
  }

  private void begin(String name, @Nullable String ip) {
    HandshakeQuota.Place place = quota.place();
    places.put(name, place);
    place.begin(
        ip == null ? null : PeerAddress.of(InetAddress.ofLiteral(ip), places.size()),
        now,
        new Told(name));
  }

  private void end(String... names) {
    for (String name : names) {
      places.get(name).end(now);
    }
  }

  @Test
  void admitsAHostUpToItsOwnBound() {
    begin("a1", "192.0.2.1");
    begin("a2", "192.0.2.1");
    begin("a3", "192.0.2.1");
    begin("b1", "192.0.2.2");

    assertThat(admitted).containsExactly("a1", "a2", "b1");
    end("a1");
    assertThat(admitted).containsExactly("a1", "a2", "b1", "a3");
  }

  @Test
  void admitsNoMoreThanTheBoundForAll() {
    for (int i = 1; i <= 6; i++) {
      begin("host " + i, "192.0.2." + i);
    }
    assertThat(admitted).hasSize(4);
    assertThat(quota.underWay()).isEqualTo(4);

    end("host 2");
    assertThat(admitted).endsWith("host 5");
  }

  @Test
  void givesFreePlacesToTheWaitingHostsInTurn() {
    quota = new HandshakeQuota(1, 1);
    begin("first", "192.0.2.9");
    for (int i = 1; i <= 100; i++) {
      begin("flood " + i, "192.0.2.1");
    }
    begin("honest", "192.0.2.2");

    end("first", "flood 1");
    assertThat(admitted).containsExactly("first", "flood 1", "honest");
  }

  @Test
  void passesOverWhoHasLeftWhileItWaited() {
    quota = new HandshakeQuota(1, 1);
    begin("first", "192.0.2.1");
    begin("gone", "192.0.2.1");
    begin("next", "192.0.2.1");

    end("gone", "first");
    assertThat(admitted).containsExactly("first", "next");
    end("next");
    assertThat(quota.underWay()).isZero();
  }

  @Test
  void givesUpTheOldestHandshakeOfAHostWhoseOthersWait() {
    begin("a1", "192.0.2.1");
    now += PATIENCE - 1;
    begin("a2", "192.0.2.1");
    begin("a3", "192.0.2.1");
    assertThat(givenUp).isEmpty();

    now++;
    begin("a4", "192.0.2.1");
    assertThat(givenUp).containsExactly("a1");
    assertThat(admitted).containsExactly("a1", "a2", "a3");
    end("a1");
    assertThat(quota.underWay()).isEqualTo(2);
  }

  @Test
  void givesUpTheOldestHandshakeOfAllWhenAllPlacesAreTaken() {
    for (int i = 1; i <= 4; i++) {
      begin("flood " + i, "192.0.2." + i);
    }
    begin("honest", "192.0.2.9");
    now += PATIENCE;
    begin("flood 5", "192.0.2.5");

    assertThat(givenUp).containsExactly("flood 1", "flood 2");
    assertThat(admitted).endsWith("honest", "flood 5");
  }

  @Test
  void givesNoHandshakeUpWhileNobodyWaits() {
    begin("a1", "192.0.2.1");
    now += 100 * PATIENCE;
    begin("b1", "192.0.2.2");

    assertThat(givenUp).isEmpty();
  }

  @Test
  void countsAHandshakeOnceHoweverOftenItEnds() {
    begin("a1", "192.0.2.1");
    end("a1", "a1", "a1");
    begin("a2", "192.0.2.1");

    assertThat(quota.underWay()).isOne();
  }

  @Test
  void beginsNothingForAConnectionThatIsClosed() {
    HandshakeQuota.Place place = quota.place();
    place.end(now);
    place.begin(PeerAddress.of(InetAddress.ofLiteral("192.0.2.1"), 1), now, new Told("late"));

    assertThat(admitted).isEmpty();
    assertThat(quota.underWay()).isZero();
  }

  @Test
  void takesAnIpv6NetworkForOneHostAndAProxyForMany() {
    begin("one", "2001:db8::1");
    begin("two", "2001:db8::2");
    begin("three", "2001:db8::3");
    begin("proxy 1", null);
    begin("proxy 2", null);

    assertThat(admitted).containsExactly("one", "two", "proxy 1", "proxy 2");
  }

  @ParameterizedTest
  @CsvSource({"16, 64, 8", "256, 341, 42", "512, 682, 85", "1024, 1000, 125", "65536, 1000, 125"})
  void isBoundedByTheHeap(long megabytes, int most, int mostOfHost) {
    quota = HandshakeQuota.ofHeap(megabytes << 20);
    for (int i = 0; i < 2_000; i++) {
      begin("one's " + i, "192.0.2.1");
    }
    assertThat(quota.underWay()).isEqualTo(mostOfHost);
    for (int i = 0; i < 2_000; i++) {
      begin("another's " + i, "198.51." + i / 250 + "." + i % 250);
    }
    assertThat(quota.underWay()).isEqualTo(most);
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "2, 1, 1", "4, 2, 1", "8, 4, 2", "64, 32, 16"})
  void leavesHalfOfTheCores(int cores, int most, int mostOfHost) {
    quota = HandshakeQuota.ofCores(cores);
    for (int i = 0; i < 100; i++) {
      begin("one's " + i, "192.0.2.1");
    }
    assertThat(quota.underWay()).isEqualTo(mostOfHost);
    for (int i = 0; i < 100; i++) {
      begin("another's " + i, "198.51.100." + i);
    }
    assertThat(quota.underWay()).isEqualTo(most);
  }
}
