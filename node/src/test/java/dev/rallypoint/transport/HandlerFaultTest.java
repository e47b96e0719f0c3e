package dev.rallypoint.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.WsClient;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Graph;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** What a handler costs that fails: its one item by an exception, the node by an error. */
class HandlerFaultTest extends HandlerFaultSetup {
  private Listener listen(
      Function<ClientConnection, ? extends Graph<FlowShape<ByteString, ByteString>, ?>> serve) {
    return Listener.bind(kit.system(), ANY_PORT, ports.forHttp(0), quota, serve)
        .toCompletableFuture()
        .join();
  }

  private FrameFlow frames(Link.Service service) {
    return new FrameFlow(1_000, ports, Set.of(), service);
  }

  private static byte[] echoed(Listener listener) {
    try (TcpClient client = TcpClient.to(listener.address().getPort()).sendFrame(new byte[] {7})) {
      return client.receiveFrame();
    }
  }

  @Test
  void anAcceptedConnection() throws Exception {
    BlockingQueue<SocketChannel> handled = new LinkedBlockingQueue<>();
    Acceptor port =
        accept(connection -> {
          failOnce();
          handled.add(connection);
        });
    try (Socket first = connected(port);
        Socket second = connected(port);
        SocketChannel taken = handled.poll(10, TimeUnit.SECONDS)) {
      assertThat(taken.getRemoteAddress()).isEqualTo(second.getLocalSocketAddress());
      first.setSoTimeout(10_000);
      assertThat(first.getInputStream().read()).isNegative();
    }
    expectOneFault();
  }

  @Test
  void anAcceptedConnectionByAnError() throws Exception {
    Acceptor port =
        accept(connection -> {
          throw new AssertionError("planted");
        });
    try (Socket client = connected(port)) {
      expectEnd("its part a-port failed: java.lang.AssertionError: planted");
      assertThat(client.isConnected()).isTrue();
    }
  }

  @Test
  void aConnectionThatCannotBeServed() {
    Listener listener =
        listen(client -> {
          failOnce();
          return frames(new Echo(() -> {}, () -> {}));
        });

    assertThat(isClosedBeforeTheAnswer(listener)).isTrue();
    assertThat(echoed(listener)).containsExactly(7);
    expectOneFault();
    assertThat(quota.held()).isLessThanOrEqualTo(1);
  }

  private static boolean isClosedBeforeTheAnswer(Listener listener) {
    try {
      return echoed(listener) == null;
    } catch (UncheckedIOException reset) {
      return true;
    }
  }

  @Test
  void aFrame() {
    Listener listener = listen(client -> frames(new Echo(this::failOnce, () -> {})));

    assertThat(echoed(listener)).isNull();
    assertThat(echoed(listener)).containsExactly(7);
    expectOneFault();
  }

  @Test
  void aTaskOfAConnection() {
    Listener listener = listen(client -> frames(new Echo(() -> {}, this::failOnce)));

    assertThat(echoed(listener)).isNull();
    assertThat(echoed(listener)).containsExactly(7);
    expectOneFault();
  }

  /** Sends each frame back, by way of a task. */
  private record Echo(Runnable onFrame, Runnable inTask) implements Link.Service {
    @Override
    public Consumer<Link.Event> serve(ActorRef<Link.Message> connection) {
      return event -> {
        if (event instanceof Link.FrameReceived(byte[] payload)) {
          onFrame.run();
          connection.tell(
              new Link.Run(() -> {
                inTask.run();
                connection.tell(new Link.SendFrame(payload));
              }));
        }
      };
    }
  }

  @Test
  void aWebSocket() {
    WebSocketFlow webSockets =
        new WebSocketFlow(
            kit.system(),
            Duration.ofSeconds(10),
            ports,
            WebSocketFlow.anywhere(client -> {
              failOnce();
              return new WebSocketFlow.Served(
                  FrameFlow.ofMessages(1_000, ports, new Echo(() -> {}, () -> {})), () -> 1_000);
            }));
    int port = listen(webSockets::of).address().getPort();

    Assertions.assertThrows(CompletionException.class, () -> new WsClient(port, "/"));
    try (WsClient second = new WsClient(port, "/")) {
      assertThat(second.sendFrame(new byte[] {7}).receiveFrame()).containsExactly(7);
    }
    expectOneFault();
  }
}
