package dev.rallypoint.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.cluster.VitalPart;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.policy.AccessKey;
import dev.rallypoint.policy.AddressList;
import dev.rallypoint.policy.SpeedLimits;
import dev.rallypoint.policy.limit.ConnectionQuota;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.frame.FrameHeader;
import dev.rallypoint.relay.conduit.BufferBudget;
import dev.rallypoint.relay.engine.RelayEngine;
import dev.rallypoint.relay.handshake.AwaitingTicket;
import dev.rallypoint.relay.loop.LegListener;
import dev.rallypoint.relay.loop.LegPair;
import dev.rallypoint.relay.loop.RelayContext;
import dev.rallypoint.relay.loop.RelayHandshake;
import dev.rallypoint.relay.loop.RelayLeg;
import dev.rallypoint.relay.loop.RelayRules;
import dev.rallypoint.relay.loop.TcpLeg;
import dev.rallypoint.relay.session.EndReason;
import dev.rallypoint.relay.session.Ticket;
import dev.rallypoint.testing.PlantedFaults;
import dev.rallypoint.testing.TestPorts;
import dev.rallypoint.testing.WsClient;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.transport.Acceptor;
import dev.rallypoint.transport.Admission;
import dev.rallypoint.transport.ConsoleCommand;
import dev.rallypoint.transport.HandlerFaults;
import dev.rallypoint.transport.Listener;
import dev.rallypoint.transport.PortPolicies;
import dev.rallypoint.transport.WebSocketFlow;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What it costs when the handling of one connection of the relay fails: that connection only. */
class RelayHandlerFaultTest {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @RegisterExtension
  final PlantedFaults planted = new PlantedFaults(VitalPart.class, HandlerFaults.class);

  private final ActorTestKit kit = ActorTestKit.create();
  private final Counters counters = new Counters();
  private final PortPolicies ports = TestPorts.plain(counters);
  private final ConnectionQuota quota = new ConnectionQuota(100, 400, List.of());
  private volatile DropReason kind = DropReason.HANDLER_FAULT;
  private final BlockingQueue<String> handled = new LinkedBlockingQueue<>();
  private final RelayEngine engine =
      new RelayEngine(
          new RelayContext(
              RelayLab.settings(),
              new RelayRules(SpeedLimits.from(RelayLab.FAST), AddressList.EMPTY, AddressList.EMPTY),
              new RelayHandshake(new AccessKey(RelayLab.KEY)),
              counters,
              ports.memory(),
              ports.faults(),
              Ticker.SYSTEM),
          BufferBudget.ofDirectMemory(),
          0,
          RelayConsole.COMMANDS.keySet());

  @BeforeEach
  void start() {
    engine.start(new FailingOnce());
  }

  @AfterEach
  void stop() {
    engine.stop();
    kit.shutdownTestKit();
  }

  /** Fails with the first report. */
  private final class FailingOnce implements LegListener {
    private final AtomicBoolean isToFail = new AtomicBoolean(true);

    private void handle(String what) {
      if (isToFail.getAndSet(false)) {
        if (kind == DropReason.OUT_OF_MEMORY) {
          throw new OutOfMemoryError("planted");
        }
        throw new IllegalStateException("planted");
      }
      handled.add(what);
    }

    @Override
    public void onAdmitted(RelayLeg leg, RelayHandshake.Verdict.Admitted request) {
      handle(request.uuid());
    }

    @Override
    public void onKeyRefused(RelayHandshake.Verdict.Admitted wanted) {}

    @Override
    public void onCommand(ConsoleCommand command, Consumer<String> reply) {
      handle(command.name());
    }

    @Override
    public void onTicket(TcpLeg leg, Ticket ticket) {
      handle("ticket");
    }

    @Override
    public void onClosed(RelayLeg leg) {}

    @Override
    public void onLoopLost(Throwable fault) {
      handled.add("lost");
    }

    @Override
    public void onEnded(LegPair legs, long bytes, EndReason reason) {}
  }

  private InetSocketAddress clients() {
    Admission admission = ports.forFrames(0).admission(quota);
    return bind(channel -> admission.take(channel, engine::open));
  }

  private InetSocketAddress bind(Acceptor.Handler handler) {
    return Acceptor.bind(kit.system(), "relay-port", ANY_PORT, counters, ports.faults(), handler)
        .toCompletableFuture()
        .join()
        .address();
  }

  private void expectOneFaultAndThen(String next) throws InterruptedException {
    assertThat(handled.poll(10, TimeUnit.SECONDS)).isEqualTo(next);
    assertThat(counters.of(kind)).isOne();
    assertThat(planted.errors()).hasSize(1);
  }

  private void expectNext(InetSocketAddress port, byte[] first, byte[] second, String next)
      throws Exception {
    try (RelayClient broken = RelayClient.connect(port).send(first)) {
      assertThat(broken.isClosed()).isTrue();
    }
    try (RelayClient served = RelayClient.connect(port).send(second)) {
      expectOneFaultAndThen(next);
      assertThat(served.isClosedAlready()).isFalse();
    }
  }

  @Test
  void aRequest() throws Exception {
    expectNext(clients(), Requests.sideA("first"), Requests.sideA("second"), "second");
  }

  @Test
  void aRequestForWhichThereIsNoMemory() throws Exception {
    kind = DropReason.OUT_OF_MEMORY;
    expectNext(clients(), Requests.sideA("first"), Requests.sideA("second"), "second");
  }

  @Test
  void aWebSocketForWhichThereIsNoMemory() throws Exception {
    kind = DropReason.OUT_OF_MEMORY;
    aWebSocket();
  }

  @Test
  void aConsoleCommand() throws Exception {
    expectNext(clients(), "usage\n".getBytes(), "health\n".getBytes(), "health");
  }

  @Test
  void aTicketOfAnotherNode() throws Exception {
    InetSocketAddress backhaul =
        bind(channel ->
            engine
                .newBackhaulLeg(
                    channel, PeerAddress.of((InetSocketAddress) channel.getRemoteAddress()))
                .execute(leg -> leg.begin(new AwaitingTicket(engine.context().now()))));

    expectNext(backhaul, new byte[Ticket.SIZE], new byte[Ticket.SIZE], "ticket");
  }

  @Test
  void aWebSocket() throws Exception {
    WebSocketFlow webSockets =
        new WebSocketFlow(
            kit.system(),
            RelayLab.settings().handshake(),
            ports,
            WebSocketFlow.anywhere(RelayServer.serviceOf(engine)));
    int port =
        Listener.bind(kit.system(), ANY_PORT, ports.forHttp(0), quota, webSockets::of)
            .toCompletableFuture()
            .join()
            .address()
            .getPort();
    try (WsClient broken = new WsClient(port, "/").sendFrame(payload("first"))) {
      assertThat(broken.receiveFrame()).isNull();
    }
    try (WsClient next = new WsClient(port, "/").sendFrame(payload("second"))) {
      expectOneFaultAndThen("second");
      assertThat(next.ping(new byte[] {1})).containsExactly(1);
    }
  }

  private static byte[] payload(String uuid) {
    byte[] request = Requests.sideB(uuid);
    return Arrays.copyOfRange(request, FrameHeader.size(request[0]), request.length);
  }
}
