package dev.rallypoint.flood;

import static dev.rallypoint.testing.FrameClient.NAT_TEST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.frame.FrameEncoder;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A million pieces of bad input against the ports of one node. */
class FloodIT {
  private static final int DATAGRAMS = 850_000;
  private static final int FRAMES = 150_000;
  private static final int FRAMES_OF_A_CONNECTION = 50;
  private static final int MOST_IN_FLIGHT = 100;
  private static final long MOST_GROWTH = 24L << 20;
  @TempDir Path data;

  @Test
  void neitherStopsNorGrowsUnderAMillionPiecesOfBadInput() {
    long seed = new Random().nextLong();
    try (TestNode node = TestNode.start(TestSettings.in(data));
        UdpClient victim = node.udp()) {
      BadInput input = new BadInput(seed, victim.address());
      sendDatagrams(node, input, DATAGRAMS / 20); // classes, pools and caches reach their size
      sendFrames(node, input, FRAMES / 20);
      long before = settledHeap(Long.MAX_VALUE);

      sendDatagrams(node, input, DATAGRAMS);
      sendFrames(node, input, FRAMES);

      long after = settledHeap(before + MOST_GROWTH);
      System.out.printf("heap before %,d after %,d bytes (seed %d)%n", before, after, seed);
      assertThat(after).as("seed %d", seed).isLessThan(before + MOST_GROWTH);
      assertThat(victim.receiveWithin(100))
          .as("bytes sent to an address in a payload, seed %d", seed)
          .isEmpty();
      assertThatAllPortsAnswer(node);
    }
  }

  /** No faster than the node reads, so that each datagram really reaches it. */
  private static void sendDatagrams(TestNode node, BadInput input, int count) {
    long start = node.counters().of(Event.DATAGRAMS_RECEIVED);
    try (UdpClient sender = node.udp()) {
      for (int sent = 1; sent <= count; sent++) {
        sender.sendRaw(input.next());
        if (sent % MOST_IN_FLIGHT == 0) {
          long expected = start + sent - MOST_IN_FLIGHT;
          Awaitility.await()
              .pollInterval(Duration.ofMillis(1))
              .until(() -> node.counters().of(Event.DATAGRAMS_RECEIVED) >= expected * 99 / 100);
        }
      }
    }
  }

  private static void sendFrames(TestNode node, BadInput input, int count) {
    List<Supplier<TcpClient>> ports = List.of(node::control, node::natTest, node::relay);
    int sent = 0;
    for (int connection = 0; sent < count; connection++) {
      try (TcpClient client = ports.get(connection % ports.size()).get()) {
        for (int i = 0; i < FRAMES_OF_A_CONNECTION; i++, sent++) {
          client.sendRaw(FrameEncoder.encode(input.next()));
        }
      } catch (UncheckedIOException closed) {
        sent++; // as it should be: the node closes on what it cannot take
      }
    }
  }

  /** The heap in use once what lingers for a moment is gone. */
  private static long settledHeap(long goal) {
    long[] used = {Long.MAX_VALUE};
    try {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofSeconds(3))
          .until(() -> {
            System.gc();
            used[0] = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            return used[0] < goal;
          });
    } catch (org.awaitility.core.ConditionTimeoutException tooMuch) {
      return used[0]; // the assertion that follows says by how much
    }
    return used[0];
  }

  private static void assertThatAllPortsAnswer(TestNode node) {
    try (UdpClient peer = node.udp();
        TcpClient control = node.control().plain();
        TcpClient natTest = node.natTest();
        TcpClient relay = node.relay()) {
      assertThat(peer.send(NAT_TEST).receive().hasTestNatResponse()).isTrue();
      assertThat(control.send(NAT_TEST).receive().hasTestNatResponse()).isTrue();
      assertThat(natTest.send(NAT_TEST).receive().hasTestNatResponse()).isTrue();
      assertThat(relay.isQuietFor(50)).isTrue();
    }
  }
}
