package dev.rallypoint.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.config.ConnectionLimits;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.proto.ConnType;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who holds the relay's places when strangers want them all, over real sockets. */
class RelayPlacesTest {
  private static final int PLACES = 64;

  /** A quarter of the places is the most that an address may have. */
  private static final int OF_ADDRESS = 16;

  @RegisterExtension private final Relays relays = new Relays();
  private final RelayLab.HandClock clock = new RelayLab.HandClock();
  private final List<RelayClient> strangers = new ArrayList<>();
  private RelayLab lab;

  @BeforeEach
  void start() {
    lab =
        relays.start(
            RelayLab.settings(
                RelayLab.FAST, 1_000, new ConnectionLimits(10_000, PLACES, List.of())),
            clock);
  }

  @AfterEach
  void closeStrangers() throws Exception {
    for (RelayClient stranger : strangers) {
      stranger.close();
    }
  }

  private RelayClient from(int address, byte[] request) throws IOException {
    RelayClient client = RelayClient.unconnected();
    client.socket().bind(new InetSocketAddress("127.0.0." + address, 0));
    return client.connectTo(lab.server().address()).send(request);
  }

  private String fresh(String uuid) {
    return uuid + "-" + lab.server().address().getPort();
  }

  /** Idle port forwards of one address. */
  private void openTunnels(int address, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      String uuid = fresh("tunnel-" + address + "-" + i);
      strangers.add(from(address, Requests.sideA(uuid, ConnType.PORT_FORWARD)));
      strangers.add(from(address, Requests.sideB(uuid)));
    }
  }

  private Couple honest(int addressOfA, int addressOfB, String uuid) throws IOException {
    return Couple.of(
        from(addressOfA, Requests.sideA(fresh(uuid))),
        from(addressOfB, Requests.sideB(fresh(uuid))));
  }

  private long evicted() {
    return lab.counters().of(DropReason.RELAY_EVICTED);
  }

  @Test
  void oneAddressGetsAQuarterOfThePlacesWhateverTheSetting() throws Exception {
    openTunnels(2, OF_ADDRESS / 2);
    lab.awaitSessions(OF_ADDRESS / 2);
    try (RelayClient more = from(2, Requests.sideA(fresh("more")))) {
      assertThat(more.isClosed()).isTrue();
    }
    assertThat(lab.counters().of(DropReason.CONNECTION_PER_ADDRESS)).isOne();
    try (Couple couple = honest(3, 4, "beside")) {
      couple.exchange(1, 1_000, 1_000);
    }
  }

  @Test
  void whenPlacesRunShortTheIdlestTunnelsOfTheBusiestAddressesGo() throws Exception {
    try (Couple first = honest(20, 21, "before")) {
      for (int address = 2; address <= 5; address++) {
        openTunnels(address, address == 5 ? 7 : OF_ADDRESS / 2);
      }
      await().until(() -> evicted() >= 1);
      await().until(() -> lab.server().sessions().size() <= 30);
      for (int i = 0; i < 4; i++) {
        try (Couple next = honest(22 + i, 30 + i, "after-" + i)) {
          next.exchange(i, 1_000, 1_000);
        }
      }
      first.exchange(7, 1_000, 1_000);
    }
  }

  @Test
  void sessionsOfManyAddressesAreLeftAloneWhileTheyAreUsed() throws Exception {
    List<Couple> couples = new ArrayList<>();
    for (int i = 0; i < PLACES / 2; i++) {
      couples.add(honest(40 + i, 100 + i, "used-" + i));
    }
    clock.turn(Duration.ofSeconds(9));
    try (RelayClient over = from(200, Requests.sideA(fresh("over")))) {
      assertThat(over.isClosed()).isTrue();
    }
    assertThat(evicted()).isZero();
    clock.turn(Duration.ofSeconds(2));
    await().until(() -> evicted() > 0);
    for (Couple couple : couples) {
      couple.close();
    }
  }

  @Test
  void waitingLegsOfAnAddressGoAsItsSessionsDo() throws Exception {
    try (Couple first = honest(20, 21, "before")) {
      for (int address = 2; address <= 5; address++) {
        for (int i = 0; i < OF_ADDRESS; i++) {
          if (strangers.size() < PLACES - 2) {
            strangers.add(from(address, Requests.sideA(fresh("waits-" + address + "-" + i))));
          }
        }
      }
      await().until(() -> evicted() + lab.counters().of(DropReason.RELAY_WAITING_LIMIT) > 0);
      try (Couple next = honest(22, 23, "after")) {
        next.exchange(1, 1_000, 1_000);
      }
      first.exchange(2, 1_000, 1_000);
    }
  }
}
