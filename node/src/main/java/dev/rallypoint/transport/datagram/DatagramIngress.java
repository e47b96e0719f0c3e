package dev.rallypoint.transport.datagram;

import dev.rallypoint.cluster.VitalPart;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.limit.LogRateLimit;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.transport.HandlerFaults;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
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
  private static final int LOOK_MILLIS = 1_000;
  private static final int BATCH = 64;
  private static final int BATCHES_IN_FLIGHT = 8;
  private static final long DROPS_NANOS = Duration.ofSeconds(5).toNanos();
  private static final Duration LOG_GAP = Duration.ofMinutes(1);

  private final DatagramPort port;
  private final DatagramChannel channel;
  private final Semaphore free = new Semaphore(BATCHES_IN_FLIGHT);
  private final LogRateLimit logLimit = new LogRateLimit(LOG_GAP.toNanos());
  private final Ticker ticker;
  private long dropsAt;
  private long untold;

  private DatagramIngress(DatagramPort port, Ticker ticker) {
    this.port = port;
    this.ticker = ticker;
    this.dropsAt = ticker.nanos();
    this.channel = port.channel();
  }

  /**
   * Hands each datagram of a port to a handler, one after the other, until the port is closed. A
   * handler that fails costs its datagram only; the reading itself is a vital part of the node.
   *
   * @param port read by nobody else
   */
  public static void run(
      ActorSystem<?> system,
      DatagramPort port,
      Consumer<Datagram> handler,
      HandlerFaults faults,
      Ticker ticker) {
    VitalPart part = new VitalPart(system, "udp-port");
    port.onClose(part::mayStop);
    DatagramIngress ingress = new DatagramIngress(port, ticker);
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
      port.closeSocket();
    } catch (IOException e) {
      LOG.debug("closing {}", port.address(), e);
    }
    free.release(BATCHES_IN_FLIGHT); // a reader that waits for room sees the closed socket
  }

  private void read(BoundedSourceQueue<List<Datagram>> stream)
      throws IOException, InterruptedException {
    try (Selector selector = Selector.open()) {
      channel.register(selector, SelectionKey.OP_READ);
      ByteBuffer buffer = ByteBuffer.allocateDirect(Message.MOST);
      while (channel.isOpen()) {
        selector.select(LOOK_MILLIS); // closing the socket wakes nobody
        selector.selectedKeys().clear();
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        readAll(buffer, stream);
        lookAtDrops(ticker.nanos());
      }
    }
  }

  private void lookAtDrops(long now) {
    if (now - dropsAt < DROPS_NANOS) {
      return;
    }
    dropsAt = now;
    untold += port.countKernelDrops();
    if (untold > 0 && logLimit.admits(now)) {
      LOG.warn(
          "the kernel has dropped {} datagrams to UDP {}, because they were not read in time and its"
              + " buffer of {} bytes was full",
          untold,
          port.address().getPort(),
          port.receiveBuffer());
      untold = 0;
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
        Datagram datagram = port.receive(buffer);
        if (datagram == null) {
          break;
        }
        batch.add(datagram);
      }
    } catch (IOException e) {
      // An error of one receive, such as an ICMP answer to an earlier send: the socket lives on.
      LOG.debug("receive failed", e);
    }
    return batch;
  }
}
