package dev.rallypoint.transport.datagram;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.cluster.VitalPart;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.testing.PlantedFaults;
import dev.rallypoint.testing.TestPorts;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.transport.HandlerFaults;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a handler of datagrams costs that fails: its datagram by an exception, else the node. */
class DatagramFaultTest {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @RegisterExtension
  final PlantedFaults planted = new PlantedFaults(VitalPart.class, HandlerFaults.class);

  private final ActorTestKit kit = ActorTestKit.create();
  private final Counters counters = new Counters();
  private final HandlerFaults faults = TestPorts.plain(counters).faults();
  private final AtomicBoolean isToFail = new AtomicBoolean(true);

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private void failOnce() {
    if (isToFail.getAndSet(false)) {
      throw new IllegalStateException("planted");
    }
  }

  private void expectEnd(String line) {
    assertThat(kit.system().getWhenTerminated()).succeedsWithin(Duration.ofSeconds(60));
    assertThat(VitalPart.failure(kit.system()))
        .hasValueSatisfying(failure -> assertThat(failure).startsWith(line));
  }

  private DatagramPort udp() throws IOException {
    return DatagramPort.bind(ANY_PORT, 0, counters);
  }

  private static void send(DatagramPort port, int first) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.send(new DatagramPacket(new byte[] {(byte) first}, 1, port.address()));
    }
  }

  @Test
  void aDatagram() throws Exception {
    BlockingQueue<Byte> handled = new LinkedBlockingQueue<>();
    DatagramPort port = udp();
    DatagramIngress.run(
        kit.system(),
        port,
        datagram -> {
          failOnce();
          handled.add(datagram.payload()[0]);
        },
        faults,
        Ticker.SYSTEM);
    send(port, 1);
    send(port, 2);

    assertThat(handled.poll(10, TimeUnit.SECONDS)).isEqualTo((byte) 2);
    assertThat(counters.of(DropReason.HANDLER_FAULT)).isOne();
    assertThat(planted.errors()).hasSize(1);
    assertThat(VitalPart.failure(kit.system())).isEmpty();
  }

  @Test
  void aDatagramByAnError() throws Exception {
    DatagramPort port = udp();
    DatagramIngress.run(
        kit.system(),
        port,
        datagram -> {
          throw new AssertionError("planted");
        },
        faults,
        Ticker.SYSTEM);
    send(port, 1);

    expectEnd("its part udp-port failed: java.lang.AssertionError: planted");
  }

  @Test
  void aUdpSocketThatIsClosedUnasked() throws Exception {
    DatagramPort port = udp();
    DatagramIngress.run(kit.system(), port, datagram -> {}, faults, Ticker.SYSTEM);
    port.closeSocket();

    expectEnd("its part udp-port failed: "); // by the closed channel, or because it stopped
  }
}
