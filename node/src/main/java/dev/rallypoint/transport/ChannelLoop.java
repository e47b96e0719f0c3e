package dev.rallypoint.transport;

import dev.rallypoint.cluster.VitalPart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread with a selector that tells connections' streams when their channels can be read or
 * written. It reads on their behalf, into one buffer for all, and only on demand: what nobody asks
 * for stays in the kernel.
 */
final class ChannelLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ChannelLoop.class);
  private static final int READ_SIZE = 64 * 1024;

  private final Selector selector;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final ByteBuffer scratch = ByteBuffer.allocateDirect(READ_SIZE);
  private final VitalPart part;
  private final HandlerFaults faults;
  private final Thread thread;
  private volatile boolean isFinishing;
  private volatile boolean isClosed;

  private ChannelLoop(Selector selector, VitalPart part, HandlerFaults faults, String name) {
    this.selector = selector;
    this.part = part;
    this.faults = faults;
    this.thread = part.thread(name, this::run);
  }

  /** Starts a loop, a vital part of the node; its thread bears the name. */
  static ChannelLoop start(ActorSystem<?> system, HandlerFaults faults, String name) {
    try {
      ChannelLoop loop =
          new ChannelLoop(Selector.open(), new VitalPart(system, name), faults, name);
      loop.thread.start();
      return loop;
    } catch (IOException e) {
      throw new UncheckedIOException("no selector for connections", e);
    }
  }

  /** The callbacks of a channel's stream, on the loop's thread. */
  interface Listener {
    /** Bytes that were asked for. */
    void onBytes(ByteString bytes);

    /** The other side sends no more. */
    void onEnd();

    /** The channel broke. */
    void onFailure(IOException why);

    /** The channel takes bytes again. */
    void onWritable();
  }

  /** A channel's place in the loop; its methods are for any thread. */
  final class Place {
    private final SocketChannel channel;
    private final Listener listener;

    private Place(SocketChannel channel, Listener listener) {
      this.channel = channel;
      this.listener = listener;
    }

    /** Asks for one read. */
    void wantBytes() {
      want(SelectionKey.OP_READ);
    }

    /** Asks to be told once when the channel takes bytes. */
    void wantRoom() {
      want(SelectionKey.OP_WRITE);
    }

    /** Closes the channel and frees its descriptor soon. */
    void close() {
      try {
        channel.close();
      } catch (IOException e) {
        LOG.debug("closing a connection", e);
      }
      selector.wakeup(); // a registered channel keeps its descriptor until the next selection
    }

    private void want(int operation) {
      try {
        SelectionKey key = channel.keyFor(selector);
        if (key != null) {
          key.interestOpsOr(operation);
          selector.wakeup();
        }
      } catch (CancelledKeyException e) {
        // Closed meanwhile: its stream ends, so nothing is to be selected for it.
      }
    }

    private void onReady(SelectionKey key) {
      int ready = key.readyOps();
      key.interestOpsAnd(~ready);
      if ((ready & SelectionKey.OP_READ) != 0) {
        read();
      }
      if ((ready & SelectionKey.OP_WRITE) != 0) {
        listener.onWritable();
      }
    }

    private void read() {
      try {
        int length = channel.read(scratch.clear());
        if (length > 0) {
          listener.onBytes(ByteString.fromByteBuffer(scratch.flip()));
        } else if (length < 0) {
          listener.onEnd();
        } else {
          wantBytes();
        }
      } catch (IOException e) {
        listener.onFailure(e);
      }
    }
  }

  /** Gives a non-blocking channel its place, and says so once it can be used. */
  void register(SocketChannel channel, Listener listener, Consumer<Place> then) {
    Place place = new Place(channel, listener);
    tasks.add(() ->
        guarded(
            listener,
            () -> {
              try {
                channel.register(selector, 0, place);
                then.accept(place);
              } catch (IOException e) {
                listener.onFailure(e);
              } catch (ClosedSelectorException e) {
                listener.onFailure(new IOException("the port is closing", e));
              }
            }));
    selector.wakeup();
    if (isClosed) {
      runTasks(); // nobody else will
    }
  }

  /** Ends the thread once the last channel is closed; no more are to come. */
  void finish() {
    part.mayStop();
    isFinishing = true;
    selector.wakeup();
  }

  /** Ends the thread; channels are closed by their streams. */
  @Override
  public void close() {
    part.mayStop();
    isClosed = true;
    selector.wakeup();
  }

  private void run() {
    try (selector) {
      while (!isClosed) {
        selector.select(this::onReady);
        if (Thread.interrupted()) {
          throw new IllegalStateException("interrupted");
        }
        runTasks();
        if (isFinishing && selector.keys().isEmpty()) {
          isClosed = true;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      isClosed = true;
      runTasks(); // tasks added at the last moment see that the selector is closed
    }
  }

  private void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  private void onReady(SelectionKey key) {
    Place place = (Place) key.attachment();
    guarded(place.listener, () -> place.onReady(key));
  }

  private void guarded(Listener listener, Runnable task) {
    try {
      task.run();
    } catch (CancelledKeyException e) {
      LOG.trace("closed while it was looked at", e);
    } catch (RuntimeException e) {
      faults.onFault("a connection", e);
      listener.onFailure(new IOException("its handler failed", e));
    }
  }
}
