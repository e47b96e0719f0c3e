package dev.rallypoint.loadtest.attacks.connections;

import dev.rallypoint.loadtest.attacks.harness.AttackContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The connections that an attacker holds open. One thread reads and drops what arrives, and notices
 * which of them the node has closed.
 */
final class RawConnections implements AutoCloseable {
  private static final int CONNECT_MILLIS = 1_000;
  private static final int CHUNK = 64 << 10;
  private static final int SELECT_MILLIS = 100;
  private static final int SMALL_BUFFER = 4 << 10;

  private final AttackContext context;
  private final Selector selector;
  private final Map<SocketChannel, Long> open = new ConcurrentHashMap<>();
  private final AtomicInteger most = new AtomicInteger();
  private volatile boolean closed;

  private RawConnections(AttackContext context) throws IOException {
    this.context = context;
    this.selector = Selector.open();
  }

  /** None yet; starts the reading thread. */
  static RawConnections start(AttackContext context) throws IOException {
    RawConnections connections = new RawConnections(context);
    context.threads().execute(connections::read);
    return connections;
  }

  private void read() {
    ByteBuffer dropped = ByteBuffer.allocateDirect(CHUNK);
    while (!closed) {
      try {
        selector.select(key -> drop(key, dropped), SELECT_MILLIS);
      } catch (IOException e) {
        return;
      }
    }
  }

  private void drop(SelectionKey key, ByteBuffer dropped) {
    SocketChannel channel = (SocketChannel) key.channel();
    try {
      dropped.clear();
      if (channel.read(dropped) < 0) {
        close(channel);
      }
    } catch (IOException e) {
      close(channel);
    }
  }

  /**
   * Opens a connection from the next source address.
   *
   * @param first is sent at once
   * @param isRead whether what arrives is read; the end of an unread connection is not noticed
   * @return empty when the node does not accept it
   */
  Optional<SocketChannel> open(InetSocketAddress to, byte[] first, boolean isRead) {
    try {
      SocketChannel channel = SocketChannel.open();
      try {
        channel.bind(new InetSocketAddress(context.nextAddress(), 0));
        if (!isRead) {
          channel.setOption(StandardSocketOptions.SO_RCVBUF, SMALL_BUFFER);
        }
        channel.socket().connect(to, CONNECT_MILLIS);
        channel.configureBlocking(false);
        channel.write(ByteBuffer.wrap(first));
        open.put(channel, System.nanoTime());
        most.accumulateAndGet(open.size(), Math::max);
        if (isRead) {
          channel.register(selector, SelectionKey.OP_READ);
        }
        context.onSent(1);
        return Optional.of(channel);
      } catch (IOException e) {
        close(channel);
        return Optional.empty();
      }
    } catch (IOException e) {
      return Optional.empty(); // no descriptor left for the attacker
    }
  }

  /** Sends bytes on every open connection; on those that cannot take them nothing is sent. */
  void sendToAll(byte[] bytes) {
    for (SocketChannel channel : open.keySet()) {
      send(channel, ByteBuffer.wrap(bytes));
    }
  }

  /** Sends as much as the connection takes now; closes it when the node has closed it. */
  void send(SocketChannel channel, ByteBuffer bytes) {
    try {
      channel.write(bytes);
    } catch (IOException e) {
      close(channel);
    }
  }

  /** How many are open. */
  int count() {
    return open.size();
  }

  /** How many were open at one time. */
  int most() {
    return most.get();
  }

  /** How many have been open for longer than this. */
  long olderThan(Duration age) {
    long before = System.nanoTime() - age.toNanos();
    return open.values().stream().filter(since -> since - before < 0).count();
  }

  /** Closes one. */
  void close(SocketChannel channel) {
    open.remove(channel);
    try {
      channel.close();
    } catch (IOException e) {
      // Not used any more.
    }
  }

  @Override
  public void close() {
    closed = true;
    open.keySet().forEach(this::close);
    try {
      selector.close();
    } catch (IOException e) {
      // Not used any more.
    }
  }
}
