package dev.rallypoint.loadtest.gatling.capacity;

import dev.rallypoint.loadtest.gatling.client.RequestLog;
import dev.rallypoint.loadtest.gatling.client.VirtualUser;
import dev.rallypoint.loadtest.gatling.figures.Figures;
import dev.rallypoint.loadtest.gatling.link.ClientRuntime;
import dev.rallypoint.loadtest.gatling.link.ClientSettings;
import dev.rallypoint.loadtest.gatling.link.Failure;
import dev.rallypoint.loadtest.gatling.link.SocketFactories;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The event loops of the generator and what its simulated clients share. */
final class Clients implements AutoCloseable {
  private static final RequestLog NO_LOG =
      new RequestLog() {
        @Override
        public void ok(String request, long startNanos) {}

        @Override
        public void ko(String request, long startNanos, Failure failure) {}
      };

  private final MultiThreadIoEventLoopGroup group;
  private final List<EventLoop> loops = new ArrayList<>();
  private final ClientRuntime runtime;

  /**
   * Clients of one server.
   *
   * @param threads event loops; the server may need the other processors
   */
  Clients(ClientSettings settings, int threads) {
    boolean isNative = Epoll.isAvailable();
    IoHandlerFactory handlers = isNative ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    this.group = new MultiThreadIoEventLoopGroup(threads, handlers);
    for (int i = 0; i < threads; i++) {
      loops.add(group.next());
    }
    SocketFactories sockets =
        isNative
            ? new SocketFactories(EpollSocketChannel::new, EpollDatagramChannel::new)
            : new SocketFactories(NioSocketChannel::new, NioDatagramChannel::new);
    this.runtime = new ClientRuntime(settings, sockets, new Figures());
  }

  List<EventLoop> loops() {
    return loops;
  }

  ClientSettings settings() {
    return runtime.settings();
  }

  ClientRuntime runtime() {
    return runtime;
  }

  /** A client on one of the loops; its source address follows from its number. */
  VirtualUser user(int place, long number) {
    return new VirtualUser(runtime, loops.get(place), number, NO_LOG);
  }

  @Override
  public void close() {
    runtime.close();
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
  }
}
