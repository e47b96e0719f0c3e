package dev.rallypoint.relay;

import dev.rallypoint.policy.ConnectionQuota;
import dev.rallypoint.relay.bridge.WebSocketLeg;
import dev.rallypoint.relay.engine.RelayEngine;
import dev.rallypoint.transport.Listener;
import dev.rallypoint.transport.PortPolicy;
import dev.rallypoint.transport.WebSocketFlow;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;

/** The relay's WebSocket port: each connection is a {@link WebSocketLeg}. */
final class WebSocketPort {
  private WebSocketPort() {}

  /**
   * Binds the port.
   *
   * @param policy what the port expects of its connections
   * @param quota the limits on connections, shared with the TCP port
   */
  static CompletionStage<Listener> bind(
      ActorSystem<?> system,
      InetSocketAddress address,
      PortPolicy policy,
      ConnectionQuota quota,
      RelayEngine engine) {
    WebSocketFlow flow =
        new WebSocketFlow(
            system,
            engine.context().settings().handshake(),
            engine.context().memory(),
            engine.context().counters(),
            engine.context().faults(),
            WebSocketFlow.anywhere(serviceOf(engine)));
    return Listener.bind(system, address, policy, quota, flow::of);
  }

  /** What serves a WebSocket of the relay. */
  static WebSocketFlow.Service serviceOf(RelayEngine engine) {
    return client -> {
      WebSocketLeg leg = engine.newWebSocket(client);
      return new WebSocketFlow.Served(leg, leg::maxMessage, leg::onPiece);
    };
  }
}
