package dev.rallypoint.loadtest.gatling.engine;

import dev.rallypoint.loadtest.gatling.figures.Limit;
import dev.rallypoint.loadtest.gatling.link.ClientSettings;
import io.gatling.core.protocol.Protocol;
import io.gatling.javaapi.core.ProtocolBuilder;
import java.util.List;

/** What Gatling makes a protocol of. */
public abstract class RendezvousSettings implements ProtocolBuilder {
  /** What all simulated clients share. */
  protected abstract ClientSettings settings();

  /** What is judged after the run. */
  protected abstract List<Limit> limits();

  @Override
  public final Protocol protocol() {
    return new RendezvousProtocol(settings(), limits());
  }
}
