package dev.rallypoint.transport.datagram;

import dev.rallypoint.policy.limit.LogRateLimit;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.transport.HandlerFaults;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the datagrams of a port in batches and has them handled, in one thread, until the port is
 * closed. It waits for them in that thread, so that no other one has to be woken for a datagram.
 * What comes meanwhile waits in the kernel's buffer.
 */
final class DatagramReader implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(DatagramReader.class);
  private static final long DROPS_NANOS = Duration.ofSeconds(5).toNanos();
  private static final Duration LOG_GAP = Duration.ofMinutes(1);

  private final LogRateLimit logLimit = new LogRateLimit(LOG_GAP.toNanos());
  private final DatagramPort port;
  private final DatagramHandler handler;
  private final HandlerFaults faults;
  private final Ticker ticker;
  private long dropsAt;
  private long untold;

  /**
   * @param port read by nobody else, and closed when the reader ends
   */
  DatagramReader(DatagramPort port, DatagramHandler handler, HandlerFaults faults, Ticker ticker) {
    this.port = port;
    this.handler = handler;
    this.faults = faults;
    this.ticker = ticker;
    this.dropsAt = ticker.nanos();
  }

  @Override
  public void run() {
    try {
      boolean isDrained = true;
      while (port.isOpen()) {
        if (Thread.interrupted()) {
          throw new IllegalStateException("interrupted");
        }
        int count = serve(isDrained);
        isDrained = count < DatagramPort.BATCH;
        lookAtDrops(ticker.nanos());
      }
    } finally {
      close();
    }
  }

  private int serve(boolean isToWait) {
    try {
      return port.serve(handler, faults, isToWait);
    } catch (IOException e) {
      LOG.debug("receive failed", e);
      return 0;
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

  private void close() {
    try {
      port.closeSocket();
    } catch (IOException e) {
      LOG.debug("closing {}", port.address(), e);
    }
  }
}
