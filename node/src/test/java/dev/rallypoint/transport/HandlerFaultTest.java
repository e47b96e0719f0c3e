package dev.rallypoint.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.cluster.VitalPart;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.policy.ConnectionQuota;
import dev.rallypoint.testing.PlantedFaults;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestPorts;
import dev.rallypoint.testing.WsClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Graph;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a handler costs that fails: its one item by an exception, the node by an error. */
class HandlerFaultTest {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @RegisterExtension
  final PlantedFaults planted = new PlantedFaults(VitalPart.class, HandlerFaults.class);

  private final ActorTestKit kit = ActorTestKit.create();
  private final Counters counters = new Counters(new SimpleMeterRegistry());
  private final PortPolicies ports = TestPorts.plain(counters);
  private final HandlerFaults faults = ports.faults();
  private final ConnectionQuota quota = new ConnectionQuota(10, 10, List.of());
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

  private void expectOneFault() {
    assertThat(counters.of(DropReason.HANDLER_FAULT)).isOne();
    assertThat(planted.errors())
        .singleElement()
        .satisfies(
            event -> assertThat(event.getThrowableProxy().getMessage()).isEqualTo("planted"));
    assertThat(VitalPart.failure(kit.system())).isEmpty();
  }

  private void expectEnd(String line) {
    assertThat(kit.system().getWhenTerminated()).succeedsWithin(Duration.ofSeconds(20));
    assertThat(VitalPart.failure(kit.system()))
        .hasValueSatisfying(failure -> assertThat(failure).startsWith(line));
  }

  private Listener listen(
      Function<ClientConnection, ? extends Graph<FlowShape<ByteString, ByteString>, ?>> serve) {
    return Listener.bind(kit.system(), ANY_PORT, ports.forHttp(0), quota, serve)
        .toCompletableFuture()
        .join();
  }

  private FrameFlow frames(Runnable onFrame, Runnable inTask) {
    return new FrameFlow(
        1_000,
        ports.memory(),
        faults,
        Set.of(),
        connection -> new Echo(connection, onFrame, inTask));
  }

  private static byte[] echoed(Listener listener) {
    try (TcpClient client = TcpClient.to(listener.address().getPort()).sendFrame(new byte[] {7})) {
      return client.receiveFrame();
    }
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
        faults);
    send(port, 1);
    send(port, 2);

    assertThat(handled.poll(10, TimeUnit.SECONDS)).isEqualTo((byte) 2);
    expectOneFault();
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
        faults);
    send(port, 1);

    expectEnd("its part udp-port failed: java.lang.AssertionError: planted");
  }

  @Test
  void aUdpSocketThatIsClosedUnasked() throws Exception {
    DatagramPort port = udp();
    DatagramIngress.run(kit.system(), port, datagram -> {}, faults);
    port.channel().close();

    expectEnd("its part udp-port failed: it stopped");
  }

  private Acceptor accept(Acceptor.Handler handler) {
    return Acceptor.bind(kit.system(), "a-port", ANY_PORT, counters, faults, handler)
        .toCompletableFuture()
        .join();
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

  private static Socket connected(Acceptor port) throws IOException {
    return new Socket(port.address().getAddress(), port.address().getPort());
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
          return frames(() -> {}, () -> {});
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
    Listener listener = listen(client -> frames(this::failOnce, () -> {}));

    assertThat(echoed(listener)).isNull();
    assertThat(echoed(listener)).containsExactly(7);
    expectOneFault();
  }

  @Test
  void aTaskOfAConnection() {
    Listener listener = listen(client -> frames(() -> {}, this::failOnce));

    assertThat(echoed(listener)).isNull();
    assertThat(echoed(listener)).containsExactly(7);
    expectOneFault();
  }

  /** Sends each frame back, by way of a task. */
  private record Echo(ActorRef<Link.Message> connection, Runnable onFrame, Runnable inTask)
      implements Consumer<Link.Event> {

    @Override
    public void accept(Link.Event event) {
      if (event instanceof Link.FrameReceived(byte[] payload)) {
        onFrame.run();
        connection.tell(
            new Link.Run(() -> {
              inTask.run();
              connection.tell(new Link.SendFrame(payload));
            }));
      }
    }
  }

  @Test
  void aWebSocket() {
    WebSocketFlow webSockets =
        new WebSocketFlow(
            kit.system(),
            Duration.ofSeconds(10),
            ports.memory(),
            counters,
            faults,
            WebSocketFlow.anywhere(client -> {
              failOnce();
              return new WebSocketFlow.Served(
                  FrameFlow.ofMessages(
                      1_000, faults, connection -> new Echo(connection, () -> {}, () -> {})),
                  () -> 1_000);
            }));
    int port = listen(webSockets::of).address().getPort();

    Assertions.assertThrows(CompletionException.class, () -> new WsClient(port, "/"));
    try (WsClient second = new WsClient(port, "/")) {
      assertThat(second.sendFrame(new byte[] {7}).receiveFrame()).containsExactly(7);
    }
    expectOneFault();
  }

  /** A channel of the loop, whose first event fails. */
  private final class Broken implements ChannelLoop.Listener {
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Throwable fault;

    Broken(Throwable fault) {
      this.fault = fault;
    }

    @Override
    public void onBytes(ByteString bytes) {
      if (fault instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) fault;
    }

    @Override
    public void onEnd() {}

    @Override
    public void onFailure(IOException why) {
      ended.countDown();
    }

    @Override
    public void onWritable() {}
  }

  private Broken readBy(ChannelLoop loop, Throwable fault) throws IOException {
    Broken broken = new Broken(fault);
    Acceptor port =
        accept(connection -> {
          connection.configureBlocking(false);
          loop.register(connection, broken, ChannelLoop.Place::wantBytes);
        });
    try (Socket client = connected(port)) {
      client.getOutputStream().write(1);
    }
    return broken;
  }

  @Test
  void aConnectionOfTheLoopThatReads() throws Exception {
    ChannelLoop loop = ChannelLoop.start(kit.system(), faults, "reading");
    Broken first = readBy(loop, new IllegalStateException("planted"));

    assertThat(first.ended.await(10, TimeUnit.SECONDS)).isTrue();
    expectOneFault();
    loop.close();
  }

  @Test
  void aConnectionOfTheLoopThatReadsByAnError() throws Exception {
    readBy(ChannelLoop.start(kit.system(), faults, "reading"), new AssertionError("planted"));

    expectEnd("its part reading failed: java.lang.AssertionError: planted");
  }
}
