package dev.rallypoint.relay;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.policy.ConnectionQuota;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.transport.FrameMemory;
import dev.rallypoint.transport.Listener;
import dev.rallypoint.transport.WebSocketFlow;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/** The relay's WebSocket port: each connection is a {@link StreamLeg}. */
final class StreamPort {
  private StreamPort() {}

  /**
   * Binds the port.
   *
   * @param bind the address of the relay's TCP port
   * @param quota the limits on connections, shared with the TCP port
   */
  static CompletionStage<Listener> bind(
      ActorSystem<?> system,
      int port,
      InetSocketAddress bind,
      ConnectionQuota quota,
      BiFunction<HttpRequest, PeerAddress, PeerAddress> clientAddress,
      SpliceEngine engine,
      Counters counters) {
    WebSocketFlow flow =
        new WebSocketFlow(
            system,
            engine.settings().handshake(),
            FrameMemory.ofHeap(),
            counters,
            clientAddress,
            from -> {
              StreamLeg leg = engine.openStream(from);
              return new WebSocketFlow.Served(leg, leg::maxMessage);
            });
    return Listener.bind(
        system, new InetSocketAddress(bind.getAddress(), port), quota, counters, flow::of);
  }
}
