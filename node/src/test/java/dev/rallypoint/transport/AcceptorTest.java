package dev.rallypoint.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.metrics.Counters;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AcceptorTest {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private static ActorTestKit kit;

  private final BlockingQueue<SocketChannel> accepted = new LinkedBlockingQueue<>();

  @BeforeAll
  static void createKit() {
    kit = ActorTestKit.create();
  }

  @AfterAll
  static void shutDownKit() {
    kit.shutdownTestKit();
  }

  private Acceptor listen(InetSocketAddress address) {
    Counters counters = new Counters();
    HandlerFaults faults = new HandlerFaults(counters, () -> 0);
    return Acceptor.bind(kit.system(), "a-port", address, counters, faults, accepted::add)
        .toCompletableFuture()
        .join();
  }

  private SocketChannel next() throws InterruptedException {
    return accepted.poll(20, TimeUnit.SECONDS);
  }

  @Test
  void handsOutConnectionsInTheirOrder() throws Exception {
    Acceptor port = listen(ANY_PORT);
    InetSocketAddress bound = port.address();
    try (Socket one = new Socket(bound.getAddress(), bound.getPort());
        Socket two = new Socket(bound.getAddress(), bound.getPort())) {
      for (Socket client : List.of(one, two)) {
        try (SocketChannel channel = next()) {
          assertThat(channel.getRemoteAddress()).isEqualTo(client.getLocalSocketAddress());
        }
      }
    }
    port.close();
  }

  @Test
  void servesBothFamiliesOnTheUnspecifiedAddress() throws Exception {
    Acceptor port = listen(new InetSocketAddress(0));
    for (String ip : List.of("127.0.0.1", "::1")) {
      try (Socket client = new Socket(ip, port.address().getPort());
          SocketChannel channel = next()) {
        assertThat(((InetSocketAddress) channel.getRemoteAddress()).getAddress())
            .isEqualTo(client.getLocalAddress());
      }
    }
    port.close();
  }

  @Test
  void failsWhenThePortIsTaken() {
    Acceptor first = listen(ANY_PORT);
    assertThatThrownBy(() -> listen(first.address()))
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(SocketException.class);
    first.close();
  }

  @Test
  void closingFreesThePortAndKeepsTheConnections() throws Exception {
    Acceptor port = listen(ANY_PORT);
    InetSocketAddress bound = port.address();
    try (Socket client = new Socket(bound.getAddress(), bound.getPort());
        SocketChannel channel = next()) {
      port.close();
      await().ignoreExceptions().untilAsserted(() -> listen(bound).close());
      client.getOutputStream().write(7);
      assertThat(channel.socket().getInputStream().read()).isEqualTo(7);
    }
  }

  @Test
  void survivesRunningOutOfDescriptors() throws Exception {
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                "ulimit -n 150 && exec \"$0\" -cp \"$1\" -XX:-MaxFDLimit -Xmx64m " + "\"$2\"",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                System.getProperty("java.class.path"),
                DescriptorShortage.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains("failed accepts counted", "served again");
  }
}
