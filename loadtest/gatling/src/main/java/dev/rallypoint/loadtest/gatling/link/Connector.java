package dev.rallypoint.loadtest.gatling.link;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.util.concurrent.Future;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.URI;

/** Opens links. */
public final class Connector {
  private static final int DATAGRAM = 2048;
  private static final int UPGRADE_RESPONSE = 8192;

  private final ClientRuntime runtime;

  /** Opens links of a run. */
  public Connector(ClientRuntime runtime) {
    this.runtime = runtime;
  }

  /** Opens a link on an event loop, from which it must be called. */
  public void open(EventLoop loop, LinkSpec spec, LinkListener listener) {
    Bootstrap bootstrap = new Bootstrap().group(loop);
    if (spec.way() == Way.UDP) {
      bootstrap
          .channelFactory(runtime.sockets().udp())
          .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(DATAGRAM));
    } else {
      bootstrap
          .channelFactory(runtime.sockets().tcp())
          .option(ChannelOption.TCP_NODELAY, true)
          .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) spec.timeout().toMillis());
    }
    if (spec.source() != null) {
      bootstrap.localAddress(new InetSocketAddress(spec.source(), 0));
    }
    bootstrap.handler(
        new ChannelInitializer<>() {
          @Override
          protected void initChannel(Channel channel) {
            chooseLatePort(channel);
            addCodecs(channel, spec);
            channel.pipeline().addLast(new Link(runtime, spec, listener, channel));
          }
        });
    ChannelFuture connecting = bootstrap.connect(spec.server());
    Channel channel = connecting.channel();
    connecting.addListener(done -> {
      try {
        connected(channel, done, listener);
      } catch (RuntimeException e) {
        runtime.generatorError(e); // Netty would only log it
      }
    });
  }

  private void connected(Channel channel, Future<?> done, LinkListener listener) {
    Link link = channel.pipeline().get(Link.class);
    if (link == null) { // not even registered
      listener.openFailed(Failure.of(reason(done.cause())));
    } else if (done.isSuccess()) {
      runtime.closeAtEnd(channel);
      link.connected();
    } else {
      link.openFailed(reason(done.cause()));
    }
  }

  private static Reason reason(Throwable cause) {
    return switch (cause) {
      case BindException e -> Reason.BIND_FAILED;
      case ConnectTimeoutException e -> Reason.CONNECT_TIMEOUT;
      default -> Reason.CONNECT_FAILED;
    };
  }

  private static void addCodecs(Channel channel, LinkSpec spec) {
    switch (spec.way()) {
      case UDP -> channel.pipeline().addLast(DatagramCodec.INSTANCE);
      case TCP -> channel.pipeline().addLast(new FrameCodec());
      case WEBSOCKET -> {
        addWebSocket(channel, spec);
        channel.pipeline().addLast(BinaryMessageCodec.INSTANCE);
      }
    }
  }

  /**
   * Lets the system choose the own port when the connection is made, not when the address is bound:
   * one port can then serve several servers.
   */
  public static void chooseLatePort(Channel channel) {
    if (channel instanceof EpollSocketChannel epoll) {
      epoll.config().setIpBindAddressNoPort(true);
    }
  }

  /** The handlers that make a WebSocket of a connection. */
  public static void addWebSocket(Channel channel, LinkSpec spec) {
    channel
        .pipeline()
        .addLast(
            new HttpClientCodec(), new HttpObjectAggregator(UPGRADE_RESPONSE), webSocket(spec));
  }

  private static WebSocketClientProtocolHandler webSocket(LinkSpec spec) {
    String host = spec.server().getAddress().getHostAddress();
    String literal = host.contains(":") ? "[" + host + "]" : host;
    return new WebSocketClientProtocolHandler(
        WebSocketClientProtocolConfig.newBuilder()
            .webSocketUri(URI.create("ws://" + literal + ":" + spec.server().getPort() + "/"))
            .version(WebSocketVersion.V13)
            .customHeaders(new DefaultHttpHeaders())
            .maxFramePayloadLength(FrameCodec.MAX_FRAME)
            .handshakeTimeoutMillis(spec.timeout().toMillis())
            .build());
  }
}
