package dev.rallypoint.transport;

import dev.rallypoint.cluster.VitalPart;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.address.PeerAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the datagrams of a {@link DatagramPort}. A thread of its own drains the socket and sends
 * batches to an actor, which calls the handler; while the actor holds its few batches the thread
 * waits, and the kernel's buffer is the queue. Measured at about four times the throughput of
 * Pekko's Udp extension, which besides closes its socket when one send fails.
 */
public final class DatagramIngress {
  private static final Logger LOG = LoggerFactory.getLogger(DatagramIngress.class);
  private static final int MAX_DATAGRAM = 65_536;
  private static final int LOOK_MILLIS = 1_000;
  private static final int BATCH = 64;
  private static final int BATCHES_IN_FLIGHT = 8;

  private final DatagramPort port;
  private final DatagramChannel channel;
  private final Semaphore room = new Semaphore(BATCHES_IN_FLIGHT);

  private DatagramIngress(DatagramPort port) {
    this.port = port;
    this.channel = port.channel();
  }

  private record Batch(List<Datagram> datagrams) {}

  /**
   * Hands each datagram of a port to a handler, one after the other, until the port is closed. A
   * handler that fails costs its datagram only; the reading itself is a vital part of the node.
   *
   * @param port read by nobody else
   */
  public static void run(
      ActorSystem<?> system, DatagramPort port, Consumer<Datagram> handler, HandlerFaults faults) {
    VitalPart part = new VitalPart(system, "udp-port");
    port.onClose(part::mayStop);
    DatagramIngress ingress = new DatagramIngress(port);
    int number = port.address().getPort();
    ActorRef<Batch> actor =
        part.spawn(ingress.handling(handler, faults), "udp-port-" + number, Props.empty());
    part.thread("rallypoint-udp-" + number, () -> ingress.read(actor)).start();
  }

  private Behavior<Batch> handling(Consumer<Datagram> handler, HandlerFaults faults) {
    return Behaviors.receive(Batch.class)
        .onMessage(
            Batch.class,
            batch -> {
              for (Datagram datagram : batch.datagrams) {
                faults.isDone("a datagram", () -> handler.accept(datagram));
              }
              room.release();
              return Behaviors.same();
            })
        .onSignal(
            PostStop.class,
            stop -> {
              channel.close(); // not as asked by the port's owner
              room.release(
                  BATCHES_IN_FLIGHT); // a reader that waits for room sees the closed socket
              return Behaviors.same();
            })
        .build();
  }

  private void read(ActorRef<Batch> actor) {
    try (Selector selector = Selector.open()) {
      channel.register(selector, SelectionKey.OP_READ);
      ByteBuffer buffer = ByteBuffer.allocateDirect(MAX_DATAGRAM);
      while (channel.isOpen()) {
        selector.select(LOOK_MILLIS); // closing the socket wakes nobody
        selector.selectedKeys().clear();
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        readAll(buffer, actor);
      }
    } catch (IOException | InterruptedException e) {
      if (channel.isOpen()) {
        throw new IllegalStateException("the UDP port cannot be read", e);
      }
    }
  }

  private void readAll(ByteBuffer buffer, ActorRef<Batch> actor) throws InterruptedException {
    List<Datagram> batch;
    do {
      batch = readBatch(buffer);
      if (!batch.isEmpty()) {
        port.counters().count(Event.DATAGRAMS_RECEIVED, batch.size());
        room.acquire();
        actor.tell(new Batch(batch));
      }
    } while (batch.size() == BATCH && channel.isOpen());
  }

  private List<Datagram> readBatch(ByteBuffer buffer) {
    List<Datagram> batch = new ArrayList<>(BATCH);
    try {
      while (batch.size() < BATCH) {
        InetSocketAddress from = (InetSocketAddress) channel.receive(buffer.clear());
        if (from == null) {
          break;
        }
        byte[] payload = new byte[buffer.flip().remaining()];
        buffer.get(payload);
        batch.add(new Datagram(PeerAddress.of(from), payload));
      }
    } catch (IOException e) {
      // An error of one receive, such as an ICMP answer to an earlier send: the socket lives on.
      LOG.debug("receive failed", e);
    }
    return batch;
  }
}
