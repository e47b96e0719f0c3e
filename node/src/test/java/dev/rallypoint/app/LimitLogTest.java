package dev.rallypoint.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** What the log says of limits that are in force. */
class LimitLogTest {
  private static final PeerAddress CLIENT =
      PeerAddress.of(new InetSocketAddress("203.0.113.7", 40_000));
  private static final String CONNECTIONS =
      "connections over connections-per-address, or a quarter of the places, were closed: ";

  private final AtomicLong clock = new AtomicLong();
  private final LimitLog limits = new LimitLog(clock::get);
  private final Counters counters = new Counters(limits);
  private final Logger log = (Logger) LoggerFactory.getLogger(LimitLog.class);
  private final ListAppender<ILoggingEvent> said = new ListAppender<>();

  @TempDir Path folder;

  @BeforeEach
  void listen() {
    log.setLevel(Level.INFO);
    said.start();
    log.addAppender(said);
  }

  @AfterEach
  void stop() {
    log.detachAppender(said);
    log.setLevel(null);
  }

  private List<String> lines() {
    return List.copyOf(said.list).stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private void refuse(int times) {
    for (int i = 0; i < times; i++) {
      counters.dropped(DropReason.CONNECTION_PER_ADDRESS, CLIENT);
    }
  }

  @Test
  void hasOneLineAtOnceAndOneForAllOfTheNextMinute() {
    refuse(1_000);
    assertThat(lines())
        .containsExactly(
            CONNECTIONS
                + "1 since the last such line, such as 203.0.113.7"
                + " (counted as connection_per_address)");
    clock.addAndGet(LimitLog.GAP.toNanos());
    refuse(1);
    assertThat(lines()).hasSize(2).last().asString().startsWith(CONNECTIONS + "1000 since");
  }

  @Test
  void hasTheCountOfAFloodThatIsOver() {
    refuse(1_000);
    limits.logRest();
    assertThat(lines()).hasSize(1);

    clock.addAndGet(LimitLog.GAP.toNanos());
    limits.logRest();
    limits.logRest();
    assertThat(lines()).hasSize(2).last().asString().startsWith(CONNECTIONS + "999 since");

    clock.addAndGet(LimitLog.GAP.toNanos());
    limits.logRest();
    assertThat(lines()).hasSize(2);
  }

  @Test
  void looksForSuchCountsByItselfOnceItIsStarted() {
    ActorTestKit kit = ActorTestKit.create(ManualTime.config());
    try {
      limits.start(kit.system());
      refuse(1_000);
      clock.addAndGet(LimitLog.GAP.toNanos());
      assertThat(lines()).hasSize(1);

      ManualTime.get(kit.system()).timePasses(LimitLog.GAP);

      await().untilAsserted(() -> assertThat(lines()).hasSize(2));
    } finally {
      kit.shutdownTestKit();
    }
  }

  @Test
  void hasALineForEachLimit() {
    refuse(1);
    counters.dropped(DropReason.TLS_HANDSHAKE_LIMIT, CLIENT);
    counters.count(Event.IDS_PROVISIONAL, CLIENT);
    counters.count(Event.CONNECTIONS_PAUSED, CLIENT);
    assertThat(lines()).hasSize(4);
  }

  @Test
  void needsNoExample() {
    counters.dropped(DropReason.FRAME_MEMORY);
    assertThat(lines())
        .singleElement()
        .asString()
        .contains(": 1 since the last such line (counted");
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "REGISTRATION_TOO_FREQUENT",
        "PROVISIONAL_EVICTED",
        "ONLINE_QUERY_TOO_FREQUENT",
        "DIRECTORY_BUSY",
        "DIRECTORY_ADDRESS_BUSY",
        "FRAME_MEMORY",
        "CONNECTION_PER_ADDRESS",
        "CONNECTION_TOTAL",
        "CLUSTER_PORT_LIMIT",
        "CONNECTION_EVICTED",
        "CONNECTION_USELESS",
        "TLS_HANDSHAKE_LIMIT",
        "PUSH_TOO_FREQUENT",
        "PUSH_UNANSWERED",
        "RELAY_WAITING_LIMIT",
        "RELAY_EVICTED",
        "BACKHAUL_LIMIT"
      })
  void namesEachLimit(DropReason limit) {
    counters.dropped(limit, CLIENT);
    assertThat(lines()).singleElement().asString().endsWith("(counted as " + limit.label() + ")");
  }

  @ParameterizedTest
  @EnumSource(
      names = {"FRAME_UNPARSABLE", "CONNECTION_SILENT", "ACCESS_KEY", "DATAGRAM_UNEXPECTED"})
  void saysNothingOfBadInput(DropReason reason) {
    counters.dropped(reason, CLIENT);
    assertThat(lines()).isEmpty();
  }

  @Test
  void tellsOfConnectionsThatARunningNodeRefuses() {
    try (TestNode node = TestNode.start(TestSettings.in(folder).connections(2, 100));
        TcpClient first = node.control();
        TcpClient second = node.control();
        TcpClient third = node.control()) {
      assertThat(third.receiveAll()).isEmpty();
      await()
          .untilAsserted(() -> assertThat(lines()).anyMatch(line -> line.startsWith(CONNECTIONS)));
      assertThat(first.isOpenFor(1) && second.isOpenFor(1)).isTrue();
    }
  }
}
