package dev.rallypoint.transport;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.policy.LogRateLimit;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractGraphStageWithMaterializedValue;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A TCP listener as a source of the accepted channels, in blocking mode and without any option set.
 * A thread of its own accepts; at most {@link #AHEAD} channels wait for demand, the rest stays in
 * the kernel's backlog. Materialises the bound address, or the failure to bind.
 *
 * <p>A failed accept, mostly for want of descriptors, is counted and tried again after a pause. The
 * stream fails when its thread ends before the stream is stopped.
 */
public final class AcceptSource
    extends AbstractGraphStageWithMaterializedValue<
        SourceShape<SocketChannel>, CompletionStage<InetSocketAddress>> {
  /** Channels accepted before they are asked for. */
  public static final int AHEAD = 64;

  private static final Logger LOG = LoggerFactory.getLogger(AcceptSource.class);
  private static final int BACKLOG = 512;
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Duration LOG_GAP = Duration.ofMinutes(1);

  private final Outlet<SocketChannel> out = Outlet.create("AcceptSource.out");
  private final SourceShape<SocketChannel> shape = SourceShape.of(out);
  private final InetSocketAddress address;
  private final Counters counters;

  private AcceptSource(InetSocketAddress address, Counters counters) {
    this.address = address;
    this.counters = counters;
  }

  /**
   * A listener on an address; the unspecified address is every IPv4 and IPv6 one, port 0 any free
   * port.
   */
  public static AcceptSource of(InetSocketAddress address, Counters counters) {
    return new AcceptSource(address, counters);
  }

  @Override
  public SourceShape<SocketChannel> shape() {
    return shape;
  }

  @Override
  public Pair<GraphStageLogic, CompletionStage<InetSocketAddress>>
      createLogicAndMaterializedValuePair(Attributes attributes) {
    Listening logic = new Listening();
    return Pair.create(logic, logic.bound);
  }

  private final class Listening extends GraphStageLogic {
    private final CompletableFuture<InetSocketAddress> bound = new CompletableFuture<>();
    private final Queue<SocketChannel> accepted = new ConcurrentLinkedQueue<>();
    private final Semaphore room = new Semaphore(AHEAD);
    private final LogRateLimit pace = new LogRateLimit(LOG_GAP.toNanos());
    private final AsyncCallback<SocketChannel> onAccepted;
    private final AsyncCallback<Throwable> onEnded = createAsyncCallback(this::failStage);
    private volatile boolean isStopped;
    private @Nullable ServerSocketChannel server;

    Listening() {
      super(shape);
      onAccepted = createAsyncCallback(channel -> deliver());
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              deliver();
            }
          });
    }

    @Override
    public void preStart() {
      try {
        ServerSocketChannel opened = ServerSocketChannel.open();
        server = opened;
        opened.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        opened.bind(address, BACKLOG);
        Thread.ofPlatform().daemon().name("accept-" + port(opened)).start(this::run);
        bound.complete((InetSocketAddress) opened.getLocalAddress());
      } catch (IOException | RuntimeException e) {
        bound.completeExceptionally(e);
        failStage(e);
      }
    }

    @Override
    public void postStop() {
      isStopped = true;
      bound.completeExceptionally(new ClosedChannelException());
      close(server);
      // No interrupt: one that hits an accept in progress loses the accepted channel unclosed.
      room.release();
      closeUndelivered();
    }

    private void deliver() {
      if (!isAvailable(out)) {
        return;
      }
      SocketChannel channel = accepted.poll();
      if (channel != null) {
        room.release();
        push(out, channel);
      }
    }

    private void run() {
      try {
        acceptAll();
        onEnded.invoke(new ClosedChannelException());
      } catch (InterruptedException | RuntimeException | Error e) {
        onEnded.invoke(e);
      }
    }

    private void acceptAll() throws InterruptedException {
      ServerSocketChannel listener = server;
      while (listener != null && listener.isOpen() && !isStopped) {
        room.acquire();
        SocketChannel channel = acceptOne(listener);
        if (channel == null) {
          room.release();
          continue;
        }
        accepted.add(channel);
        // The stage may have stopped since: then nobody else will close this one.
        if (isStopped) {
          closeUndelivered();
        } else {
          onAccepted.invoke(channel);
        }
      }
    }

    private @Nullable SocketChannel acceptOne(ServerSocketChannel listener)
        throws InterruptedException {
      try {
        return listener.accept();
      } catch (ClosedChannelException e) {
        return null; // the loop ends
      } catch (IOException e) {
        counters.dropped(DropReason.ACCEPT_FAILED);
        if (pace.admits(System.nanoTime())) {
          LOG.warn("{} cannot accept a connection, goes on trying: {}", address, e.getMessage());
        }
        Thread.sleep(PAUSE);
        return null;
      }
    }

    private void closeUndelivered() {
      for (SocketChannel channel = accepted.poll(); channel != null; channel = accepted.poll()) {
        close(channel);
      }
    }
  }

  private static int port(ServerSocketChannel server) {
    return server.socket().getLocalPort();
  }

  private static void close(@Nullable AutoCloseable channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (Exception e) {
        LOG.debug("closing {}", channel, e);
      }
    }
  }
}
