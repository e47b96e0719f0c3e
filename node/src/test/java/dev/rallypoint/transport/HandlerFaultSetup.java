package dev.rallypoint.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.cluster.VitalPart;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.policy.limit.ConnectionQuota;
import dev.rallypoint.testing.PlantedFaults;
import dev.rallypoint.testing.TestPorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Ports of a node whose handlers are made to fail, and what is expected then. */
abstract class HandlerFaultSetup {
  static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @RegisterExtension
  final PlantedFaults planted = new PlantedFaults(VitalPart.class, HandlerFaults.class);

  final ActorTestKit kit = ActorTestKit.create();
  final Counters counters = new Counters();
  final PortPolicies ports = TestPorts.plain(counters);
  final HandlerFaults faults = ports.faults();
  final ConnectionQuota quota = new ConnectionQuota(10, 40, List.of());
  final AtomicBoolean isToFail = new AtomicBoolean(true);

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  final void failOnce() {
    if (isToFail.getAndSet(false)) {
      throw new IllegalStateException("planted");
    }
  }

  final void expectOneFault() {
    assertThat(counters.of(DropReason.HANDLER_FAULT)).isOne();
    assertThat(planted.errors())
        .singleElement()
        .satisfies(
            event -> assertThat(event.getThrowableProxy().getMessage()).isEqualTo("planted"));
    assertThat(VitalPart.failure(kit.system())).isEmpty();
  }

  final void expectEnd(String line) {
    assertThat(kit.system().getWhenTerminated()).succeedsWithin(Duration.ofSeconds(60));
    assertThat(VitalPart.failure(kit.system()))
        .hasValueSatisfying(failure -> assertThat(failure).startsWith(line));
  }

  final Acceptor accept(Acceptor.Handler handler) {
    return Acceptor.bind(kit.system(), "a-port", ANY_PORT, counters, faults, handler)
        .toCompletableFuture()
        .join();
  }

  static Socket connected(Acceptor port) throws IOException {
    return new Socket(port.address().getAddress(), port.address().getPort());
  }
}
