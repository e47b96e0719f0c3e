package dev.rallypoint.transport.datagram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.testing.TestPorts;
import dev.rallypoint.time.Ticker;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class DatagramIngressTest {
  private static final int SENT = 300;

  private final ActorTestKit kit = ActorTestKit.create();
  private final Counters counters = new Counters();

  /** Each look finds ten seconds gone. */
  private final AtomicLong nanos = new AtomicLong();

  private final Ticker ticker = () -> nanos.addAndGet(Duration.ofSeconds(10).toNanos());

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void countsWhatTheKernelDroppedForWantOfBuffer() throws IOException {
    try (DatagramPort port =
            DatagramPort.bind(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4_096, counters);
        DatagramSocket client = new DatagramSocket()) {
      for (int i = 0; i < SENT; i++) {
        client.send(new DatagramPacket(new byte[100], 100, port.address()));
      }

      DatagramIngress.run(
          kit.system(), port, datagram -> {}, TestPorts.plain(counters).faults(), ticker);

      await()
          .atMost(Duration.ofSeconds(60))
          .until(() ->
              counters.of(Event.DATAGRAMS_RECEIVED) + counters.of(DropReason.DATAGRAM_BUFFER_FULL)
                  == SENT);
      assertThat(counters.of(DropReason.DATAGRAM_BUFFER_FULL)).isPositive();
    }
  }
}
