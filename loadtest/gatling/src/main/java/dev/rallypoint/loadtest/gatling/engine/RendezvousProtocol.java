package dev.rallypoint.loadtest.gatling.engine;

import dev.rallypoint.loadtest.gatling.figures.Figures;
import dev.rallypoint.loadtest.gatling.figures.Limit;
import dev.rallypoint.loadtest.gatling.link.ClientRuntime;
import dev.rallypoint.loadtest.gatling.link.ClientSettings;
import dev.rallypoint.loadtest.gatling.link.SocketFactories;
import io.gatling.core.CoreComponents;
import io.gatling.core.config.GatlingConfiguration;
import io.gatling.core.protocol.Protocol;
import io.gatling.core.protocol.ProtocolKey;
import io.gatling.netty.util.Transports;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import scala.Function1;
import scala.runtime.BoxedUnit;

/**
 * The settings of the protocol as Gatling keeps them.
 *
 * @param settings what all simulated clients share
 * @param limits judged after the run
 */
record RendezvousProtocol(ClientSettings settings, List<Limit> limits) implements Protocol {
  /** A singleton: Gatling has a map by it. */
  static final ProtocolKey<RendezvousProtocol, RendezvousComponents> KEY = new Key();

  private static final class Key implements ProtocolKey<RendezvousProtocol, RendezvousComponents> {
    @Override
    @SuppressWarnings("unchecked") // Gatling takes the class as that of any protocol
    public Class<Protocol> protocolClass() {
      return (Class<Protocol>) (Class<?>) RendezvousProtocol.class;
    }

    @Override
    public RendezvousProtocol defaultProtocolValue(GatlingConfiguration configuration) {
      throw new IllegalStateException(
          "the scenario has no protocol: call protocols(rendezvous.server(...)) on setUp");
    }

    /** Called once in a run; the function is called once for each scenario. */
    @Override
    public Function1<RendezvousProtocol, RendezvousComponents> newComponents(CoreComponents core) {
      return new OneRuntime(core)::components;
    }
  }

  /** Scenarios with one protocol share a runtime. */
  private static final class OneRuntime {
    private final CoreComponents core;
    private final Map<RendezvousProtocol, RendezvousComponents> made = new HashMap<>();

    OneRuntime(CoreComponents core) {
      this.core = core;
    }

    RendezvousComponents components(RendezvousProtocol protocol) {
      return made.computeIfAbsent(protocol, this::make);
    }

    private RendezvousComponents make(RendezvousProtocol protocol) {
      var netty = core.configuration().netty();
      SocketFactories sockets =
          new SocketFactories(
              Transports.newSocketChannelFactory(netty.useNativeTransport(), netty.useIoUring()),
              Transports.newDatagramChannelFactory(netty.useNativeTransport(), netty.useIoUring()));
      Figures figures = Figures.current();
      figures.require(protocol.limits());
      ClientRuntime runtime = new ClientRuntime(protocol.settings(), sockets, figures);
      core.actorSystem()
          .registerOnTermination(() -> {
            runtime.close();
            return BoxedUnit.UNIT;
          });
      return new RendezvousComponents(runtime, new GatlingLog(core, figures));
    }
  }
}
