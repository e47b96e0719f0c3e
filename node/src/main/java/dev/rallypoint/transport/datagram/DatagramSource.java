package dev.rallypoint.transport.datagram;

import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.limit.LogRateLimit;
import dev.rallypoint.time.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The datagrams of a port, in batches, until the port is closed. The stage waits for them in its
 * own thread, so that no other thread has to be woken for a datagram; what is attached to it by a
 * fused stream runs there too. What comes meanwhile waits in the kernel's buffer.
 */
final class DatagramSource extends GraphStage<SourceShape<List<Datagram>>> {
  private static final Logger LOG = LoggerFactory.getLogger(DatagramSource.class);

  /** How long the stage waits for a datagram before it hears whether its stream is to end. */
  private static final int WAIT_MILLIS = 1_000;

  private static final long DROPS_NANOS = Duration.ofSeconds(5).toNanos();
  private static final Duration LOG_GAP = Duration.ofMinutes(1);

  private final Outlet<List<Datagram>> out = Outlet.create("DatagramSource.out");
  private final DatagramPort port;
  private final Ticker ticker;

  /**
   * @param port read by nobody else, closed with the stage
   */
  DatagramSource(DatagramPort port, Ticker ticker) {
    this.port = port;
    this.ticker = ticker;
  }

  @Override
  public SourceShape<List<Datagram>> shape() {
    return SourceShape.of(out);
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends GraphStageLogic {
    private final LogRateLimit logLimit = new LogRateLimit(LOG_GAP.toNanos());
    private final AsyncCallback<Long> again = createAsyncCallback(unused -> read());
    private boolean isDrained;
    private long dropsAt = ticker.nanos();
    private long untold;

    Logic() {
      super(DatagramSource.this.shape());
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              read();
            }
          });
    }

    @Override
    public void preStart() {
      Thread.currentThread().setName("rallypoint-udp-" + port.address().getPort()); // its own
    }

    /** Pushes what has come, or waits for it once. */
    private void read() {
      if (!port.isOpen()) {
        completeStage();
        return;
      }
      try {
        if (isDrained) {
          port.await(WAIT_MILLIS);
        }
        List<Datagram> batch = receive();
        isDrained = batch.size() < DatagramPort.BATCH;
        lookAtDrops(ticker.nanos());
        if (batch.isEmpty()) {
          // Not from this thread, where it would come before the messages to the stream.
          materializer().executionContext().execute(() -> again.invoke(0L));
        } else {
          port.counters().count(Event.DATAGRAMS_RECEIVED, batch.size());
          push(out, batch);
        }
      } catch (IOException e) {
        failStage(e);
      }
    }

    private List<Datagram> receive() {
      try {
        return port.receive();
      } catch (IOException e) {
        LOG.debug("receive failed", e);
        return List.of();
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
            "the kernel has dropped {} datagrams to UDP {}, because they were not read in time and"
                + " its buffer of {} bytes was full",
            untold,
            port.address().getPort(),
            port.receiveBuffer());
        untold = 0;
      }
    }

    @Override
    public void postStop() {
      try {
        port.closeSocket();
      } catch (IOException e) {
        LOG.debug("closing {}", port.address(), e);
      }
    }
  }
}
