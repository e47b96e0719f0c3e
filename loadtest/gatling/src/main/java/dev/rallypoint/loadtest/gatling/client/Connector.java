package dev.rallypoint.loadtest.gatling.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.URI;

/** Opens links. */
final class Connector {
  private static final int DATAGRAM = 2048;
  private static final int UPGRADE_RESPONSE = 8192;

  private final ClientRuntime runtime;

  Connector(ClientRuntime runtime) {
    this.runtime = runtime;
  }

  /** Opens a link on an event loop, from which it must be called. */
  void open(EventLoop loop, LinkSpec spec, LinkListener listener) {
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
            addCodecs(channel, spec);
            channel.pipeline().addLast(new Link(runtime, spec, listener, channel));
          }
        });
    ChannelFuture connecting = bootstrap.connect(spec.server());
    Channel channel = connecting.channel();
    connecting.addListener(done -> {
      Link link = channel.pipeline().get(Link.class);
      if (link == null) { // not even registered
        listener.openFailed(Failure.of(reason(done.cause())));
      } else if (done.isSuccess()) {
        runtime.closeAtEnd(channel);
        link.connected();
      } else {
        link.openFailed(reason(done.cause()));
      }
    });
  }

  /** The reason of a failed connect. */
  static Reason reason(Throwable cause) {
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

  /** The handlers that make a WebSocket of a connection. */
  static void addWebSocket(Channel channel, LinkSpec spec) {
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
