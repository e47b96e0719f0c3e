package dev.rallypoint.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.transport.datagram.DatagramPort;
import dev.rallypoint.transport.datagram.LocalEnd;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UdpWritersTest {
  private static final int MOST = 256;

  private final ActorTestKit kit = ActorTestKit.create();
  private final Counters counters = new Counters();
  private DatagramPort port;
  private UdpWriters writers;

  @BeforeEach
  void start() throws IOException {
    port =
        DatagramPort.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0, counters);
    writers = new UdpWriters(kit.system(), port, new PushGate(counters, Ticker.SYSTEM));
  }

  @AfterEach
  void stop() throws IOException {
    kit.shutdownTestKit();
    port.close();
  }

  private static LocalEnd end(int number) {
    return new LocalEnd(PeerAddress.v4(number, 0), 0);
  }

  @Test
  void areOneForEachAddressAndInterface() {
    PeerAddress linkLocal = new PeerAddress(0xFE80L << 48, 1, 0);
    List<LocalEnd> ends =
        List.of(
            LocalEnd.ANY, end(1), end(2), new LocalEnd(linkLocal, 2), new LocalEnd(linkLocal, 3));

    assertThat(ends.stream().map(writers::at)).doesNotHaveDuplicates();
    assertThat(writers.at(new LocalEnd(linkLocal, 2))).isSameAs(writers.at(ends.get(3)));
  }

  @Test
  void areBoundedInNumber() {
    List<LocalEnd> ends =
        IntStream.rangeClosed(1, MOST + 10).mapToObj(UdpWritersTest::end).toList();

    assertThat(ends.stream().map(writers::at).distinct()).hasSize(MOST + 1);
    assertThat(ends.subList(MOST, ends.size()))
        .allSatisfy(end -> assertThat(writers.at(end)).isSameAs(writers.at(LocalEnd.ANY)));
    assertThat(writers.at(end(MOST))).isNotSameAs(writers.at(LocalEnd.ANY));
  }
}
