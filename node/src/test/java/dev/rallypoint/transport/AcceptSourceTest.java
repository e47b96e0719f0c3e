package dev.rallypoint.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.metrics.Counters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AcceptSourceTest {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private static ActorTestKit kit;

  @BeforeAll
  static void createKit() {
    kit = ActorTestKit.create();
  }

  @AfterAll
  static void shutDownKit() {
    kit.shutdownTestKit();
  }

  private static Pair<CompletionStage<InetSocketAddress>, SinkQueueWithCancel<SocketChannel>>
      listen(InetSocketAddress address) {
    return Source.fromGraph(AcceptSource.of(address, new Counters(new SimpleMeterRegistry())))
        .toMat(Sink.queue(), Keep.both())
        .run(kit.system());
  }

  @Test
  void handsOutConnectionsInTheirOrder() throws Exception {
    var running = listen(ANY_PORT);
    InetSocketAddress bound = running.first().toCompletableFuture().get();
    try (Socket one = new Socket(bound.getAddress(), bound.getPort());
        Socket two = new Socket(bound.getAddress(), bound.getPort())) {
      for (Socket client : List.of(one, two)) {
        try (SocketChannel channel =
            running.second().pull().toCompletableFuture().get().orElseThrow()) {
          assertThat(channel.getRemoteAddress()).isEqualTo(client.getLocalSocketAddress());
        }
      }
    }
    running.second().cancel();
  }

  @Test
  void servesBothFamiliesOnTheUnspecifiedAddress() throws Exception {
    var running = listen(new InetSocketAddress(0));
    int port = running.first().toCompletableFuture().get().getPort();
    for (String ip : List.of("127.0.0.1", "::1")) {
      try (Socket client = new Socket(ip, port);
          SocketChannel channel =
              running.second().pull().toCompletableFuture().get().orElseThrow()) {
        assertThat(((InetSocketAddress) channel.getRemoteAddress()).getAddress())
            .isEqualTo(client.getLocalAddress());
      }
    }
    running.second().cancel();
  }

  @Test
  void failsWhenThePortIsTaken() throws Exception {
    var first = listen(ANY_PORT);
    var second = listen(first.first().toCompletableFuture().get());
    assertThatThrownBy(() -> second.first().toCompletableFuture().get())
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(SocketException.class);
    first.second().cancel();
  }

  @Test
  void stoppingFreesThePortAndClosesWhatNobodyTook() throws Exception {
    var running = listen(ANY_PORT);
    InetSocketAddress bound = running.first().toCompletableFuture().get();
    List<Socket> clients = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      clients.add(new Socket(bound.getAddress(), bound.getPort()));
    }
    running.second().cancel();
    // The sink may have taken the first ones before it was cancelled; nobody holds those.
    for (Socket client : clients.subList(20, clients.size())) {
      assertThat(isClosed(client)).isTrue();
    }
    for (Socket client : clients) {
      client.close();
    }
    await()
        .ignoreExceptions()
        .until(() -> {
          var again = listen(bound);
          again.first().toCompletableFuture().get();
          again.second().cancel();
          return true;
        });
  }

  private static boolean isClosed(Socket client) {
    try {
      client.setSoTimeout(20_000);
      return client.getInputStream().read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
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
