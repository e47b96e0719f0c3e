package dev.rallypoint.transport;

import dev.rallypoint.cluster.VitalPart;
import dev.rallypoint.metrics.Counters;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bound TCP port that hands each accepted connection to a handler, one after the other. A handler
 * that fails costs its connection only. Accepting itself is a vital part of the node.
 */
public final class Acceptor {
  private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);

  private final InetSocketAddress address;
  private final UniqueKillSwitch accepting;
  private final VitalPart part;

  private Acceptor(InetSocketAddress address, UniqueKillSwitch accepting, VitalPart part) {
    this.address = address;
    this.accepting = accepting;
    this.part = part;
  }

  /** What takes the accepted connections. */
  @FunctionalInterface
  public interface Handler {
    /**
     * Owns a connection from now on, in blocking mode; must not block.
     *
     * @throws IOException when the connection is gone: it is then closed
     */
    void take(SocketChannel connection) throws IOException;
  }

  /**
   * Binds a port.
   *
   * @param name the name of the part, such as {@code relay-port}
   * @return the port once it is bound; fails with an IOException when it cannot be
   */
  public static CompletionStage<Acceptor> bind(
      ActorSystem<?> system,
      String name,
      InetSocketAddress address,
      Counters counters,
      HandlerFaults faults,
      Handler handler) {
    Pair<Pair<CompletionStage<InetSocketAddress>, UniqueKillSwitch>, CompletionStage<Done>>
        running =
            Source.fromGraph(AcceptSource.of(address, counters))
                .viaMat(KillSwitches.single(), Keep.both())
                .toMat(Sink.foreach(connection -> take(connection, handler, faults)), Keep.both())
                .run(system);
    VitalPart part = new VitalPart(system, name);
    return running
        .first()
        .first()
        .thenApply(bound -> {
          part.watch(running.second());
          return new Acceptor(bound, running.first().second(), part);
        });
  }

  private static void take(SocketChannel connection, Handler handler, HandlerFaults faults) {
    try {
      handler.take(connection);
    } catch (IOException e) {
      LOG.debug("a connection was gone at once", e);
      close(connection);
    } catch (RuntimeException e) {
      faults.onFault("an accepted connection", e);
      close(connection);
    }
  }

  private static void close(SocketChannel connection) {
    try {
      connection.close();
    } catch (IOException e) {
      LOG.debug("closing a connection", e);
    }
  }

  /** Where the port is bound. */
  public InetSocketAddress address() {
    return address;
  }

  /** Accepts no more and frees the port; the connections go on. */
  public void close() {
    part.mayStop();
    accepting.shutdown();
  }
}
