package dev.rallypoint.transport.datagram;

import dev.rallypoint.cluster.VitalPart;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.transport.HandlerFaults;
import java.io.IOException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the datagrams of a {@link DatagramPort} in a thread of its own: it reads a batch, has it
 * handled, and reads the next one. The kernel's buffer is the queue. Pekko's Udp extension would
 * close its socket when one send fails, and tells nobody to which address a datagram came; a stream
 * would cost more for a heartbeat than all else that Java does for it.
 */
public final class DatagramIngress {
  private static final Logger LOG = LoggerFactory.getLogger(DatagramIngress.class);

  private DatagramIngress() {}

  /**
   * Hands each datagram of a port to a handler, one after the other, until the port is closed or
   * the actor system has ended. A handler that throws an exception costs its datagram only; the
   * reading itself is a vital part of the node.
   *
   * @param port read by nobody else
   */
  public static void run(
      ActorSystem<?> system,
      DatagramPort port,
      DatagramHandler handler,
      HandlerFaults faults,
      Ticker ticker) {
    VitalPart part = new VitalPart(system, "udp-port");
    port.onClose(part::mayStop);
    system.getWhenTerminated().whenComplete((done, failure) -> close(port));
    part.thread(
            "rallypoint-udp-" + port.address().getPort(),
            new DatagramReader(port, handler, faults, ticker))
        .start();
  }

  private static void close(DatagramPort port) {
    try {
      port.closeSocket();
    } catch (IOException e) {
      LOG.debug("closing {}", port.address(), e);
    }
  }
}
