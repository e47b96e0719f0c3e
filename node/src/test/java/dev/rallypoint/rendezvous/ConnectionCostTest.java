package dev.rallypoint.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.frame.FrameEncoder;
import dev.rallypoint.protocol.proto.HealthCheck;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an idle connection of the ID server costs of the heap. */
class ConnectionCostTest {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionCostTest.class);
  private static final int COUNT = 1_000;

  /** Less than so many bytes for each connection is no change. */
  private static final long SETTLED = 100;

  private static final byte[] HEALTH_CHECK =
      RendezvousMessage.newBuilder()
          .setHc(HealthCheck.newBuilder().setToken("a"))
          .build()
          .toByteArray();
  private static final String UPGRADE =
      "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

  @TempDir Path data;

  @Test
  void aWebSocketCostsAtMostTwiceAsMuchAsTcp() throws Exception {
    try (TestNode node = TestNode.start(TestSettings.in(data))) {
      tcp(node).close(); // classes are loaded
      webSocket(node).close();
      long client = perConnection(ConnectionCostTest::socket, () -> true);
      long tcp = perConnection(() -> tcp(node), () -> healthLinks(node) == COUNT + 2) - client;
      long webSocket =
          perConnection(() -> webSocket(node), () -> healthLinks(node) == 2 * COUNT + 2) - client;

      LOG.info("bytes of heap: TCP {}, WebSocket {}", tcp, webSocket);
      assertThat(webSocket).isBetween(tcp / 2, 2 * tcp);
    }
  }

  private static long healthLinks(TestNode node) {
    return node.counters().of(Event.HEALTH_LINKS);
  }

  private static long perConnection(Callable<AutoCloseable> connect, Callable<Boolean> areServed)
      throws Exception {
    List<AutoCloseable> open = new ArrayList<>(COUNT);
    long before = used();
    for (int i = 0; i < COUNT; i++) {
      open.add(connect.call());
    }
    await().until(areServed);
    long after = used();
    for (AutoCloseable connection : open) {
      connection.close();
    }
    return (after - before) / COUNT;
  }

  /**
   * The heap in use once nothing is freed any more: the least of many readings, because what is
   * made between a collection and its reading only adds to it.
   */
  private static long used() {
    AtomicLong least = new AtomicLong(Long.MAX_VALUE);
    AtomicInteger same = new AtomicInteger();
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> {
          System.gc();
          long now = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
          boolean isLess = now < least.get() - SETTLED * COUNT;
          least.accumulateAndGet(now, Math::min);
          return (isLess ? same.getAndSet(0) : same.incrementAndGet()) >= 10;
        });
    return least.get();
  }

  /** A client's socket alone. */
  private static AutoCloseable socket() throws IOException {
    return SocketChannel.open();
  }

  private static SocketChannel connect(int port) throws IOException {
    return SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  private static SocketChannel tcp(TestNode node) throws IOException {
    SocketChannel channel = connect(node.port());
    read(channel, 1); // the KeyExchange
    channel.write(ByteBuffer.wrap(FrameEncoder.encode(HEALTH_CHECK)));
    return channel;
  }

  private static SocketChannel webSocket(TestNode node) throws IOException {
    SocketChannel channel = connect(node.port() + 2);
    channel.write(ByteBuffer.wrap(UPGRADE.getBytes(StandardCharsets.ISO_8859_1)));
    read(channel, 100);
    ByteBuffer frame = ByteBuffer.allocate(6 + HEALTH_CHECK.length);
    frame.put((byte) 0x82).put((byte) (0x80 | HEALTH_CHECK.length)).putInt(0).put(HEALTH_CHECK);
    channel.write(frame.flip());
    return channel;
  }

  private static void read(SocketChannel channel, int least) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(1024);
    while (buffer.position() < least) {
      if (channel.read(buffer) < 0) {
        throw new IOException("closed");
      }
    }
  }
}
