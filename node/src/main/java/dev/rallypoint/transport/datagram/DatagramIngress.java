package dev.rallypoint.transport.datagram;

import dev.rallypoint.cluster.VitalPart;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.transport.HandlerFaults;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Serves the datagrams of a {@link DatagramPort} by a stream in one thread: it reads a batch, has
 * it handled, and reads the next one. The kernel's buffer is the queue. Pekko's Udp extension would
 * close its socket when one send fails, and tells nobody to which address a datagram came.
 */
public final class DatagramIngress {
  /** Of the stream as a whole: on one of its stages only, it would put a queue between them. */
  private static final Attributes DISPATCHER =
      ActorAttributes.dispatcher("rallypoint-udp-dispatcher");

  private DatagramIngress() {}

  /**
   * Hands each datagram of a port to a handler, one after the other, until the port is closed. A
   * handler that fails costs its datagram only; the reading itself is a vital part of the node.
   *
   * @param port read by nobody else
   * @param handler does not wait for anything
   */
  public static void run(
      ActorSystem<?> system,
      DatagramPort port,
      Consumer<Datagram> handler,
      HandlerFaults faults,
      Ticker ticker) {
    VitalPart part = new VitalPart(system, "udp-port");
    port.onClose(part::mayStop);
    part.watch(
        Source.fromGraph(new DatagramSource(port, ticker))
            .toMat(
                Sink.foreach(batch -> {
                  for (Datagram datagram : batch) {
                    faults.isDone("a datagram", () -> handler.accept(datagram));
                  }
                }),
                Keep.right())
            .addAttributes(DISPATCHER)
            .run(system));
  }
}
