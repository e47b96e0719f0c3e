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
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the datagrams of a {@link DatagramPort}. A thread of its own drains the socket and offers
 * batches to a stream, which calls the handler; while the stream holds its few batches the thread
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
  private final Semaphore free = new Semaphore(BATCHES_IN_FLIGHT);

  private DatagramIngress(DatagramPort port) {
    this.port = port;
    this.channel = port.channel();
  }

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
    Pair<BoundedSourceQueue<List<Datagram>>, CompletionStage<Done>> stream =
        Source.<List<Datagram>>queue(BATCHES_IN_FLIGHT)
            .toMat(
                Sink.foreach(batch -> {
                  for (Datagram datagram : batch) {
                    faults.isDone("a datagram", () -> handler.accept(datagram));
                  }
                  ingress.free.release();
                }),
                Keep.both())
            .run(system);
    part.watch(stream.second().whenComplete((done, failure) -> ingress.stop()));
    part.thread(
            "rallypoint-udp-" + port.address().getPort(),
            () -> {
              try {
                ingress.read(stream.first());
              } catch (IOException | InterruptedException e) {
                part.failed(e); // unless the port was closed as asked
              } finally {
                stream.first().complete();
              }
            })
        .start();
  }

  /** The stream has ended. */
  private void stop() {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("closing {}", port.address(), e);
    }
    free.release(BATCHES_IN_FLIGHT); // a reader that waits for room sees the closed socket
  }

  private void read(BoundedSourceQueue<List<Datagram>> stream)
      throws IOException, InterruptedException {
    try (Selector selector = Selector.open()) {
      channel.register(selector, SelectionKey.OP_READ);
      ByteBuffer buffer = ByteBuffer.allocateDirect(MAX_DATAGRAM);
      while (channel.isOpen()) {
        selector.select(LOOK_MILLIS); // closing the socket wakes nobody
        selector.selectedKeys().clear();
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        readAll(buffer, stream);
      }
    }
  }

  private void readAll(ByteBuffer buffer, BoundedSourceQueue<List<Datagram>> stream)
      throws InterruptedException {
    List<Datagram> batch;
    do {
      batch = readBatch(buffer);
      if (!batch.isEmpty()) {
        port.counters().count(Event.DATAGRAMS_RECEIVED, batch.size());
        free.acquire(); // so the queue always has room for one more
        stream.offer(batch);
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
