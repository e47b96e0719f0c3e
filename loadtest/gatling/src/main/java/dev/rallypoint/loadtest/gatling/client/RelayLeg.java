package dev.rallypoint.loadtest.gatling.client;

import dev.rallypoint.loadtest.gatling.link.ClientRuntime;
import dev.rallypoint.loadtest.gatling.link.Connector;
import dev.rallypoint.loadtest.gatling.link.Failure;
import dev.rallypoint.loadtest.gatling.link.FrameCodec;
import dev.rallypoint.loadtest.gatling.link.LinkSpec;
import dev.rallypoint.loadtest.gatling.link.Reason;
import dev.rallypoint.loadtest.gatling.link.Way;
import dev.rallypoint.protocol.frame.FrameDecoder;
import dev.rallypoint.protocol.frame.FrameEncoder;
import dev.rallypoint.protocol.frame.FrameException;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One end of a relayed session: a connection to a relay whose first frame is a RequestRelay. Behind
 * it both ends put their bytes into frames, as clients do. Used on its event loop only.
 */
final class RelayLeg extends ChannelInboundHandlerAdapter {
  private static final int LOW_WATER = 256 * 1024;
  private static final int HIGH_WATER = 512 * 1024;

  private final ClientRuntime runtime;
  private final Way way;
  private final Listener listener;
  private final Channel channel;
  private @Nullable FrameDecoder decoder = new FrameDecoder(FrameCodec.MAX_FRAME);
  private boolean isOpen;
  private boolean isEnded;

  /** Told what happens on a leg, on its event loop. */
  interface Listener {
    /** The connection is there. */
    void opened(RelayLeg leg);

    /** A message of the other end; only while messages are read. */
    default void message(byte[] payload) {}

    /** Bytes of the other end; only while they are counted. The callee releases the buffer. */
    default void bytes(RelayLeg leg, ByteBuf bytes) {
      bytes.release();
    }

    /** The connection takes bytes again. */
    default void writable(RelayLeg leg) {}

    /** The connection did not come about, or has ended; told once. */
    void ended(Failure failure);
  }

  private RelayLeg(ClientRuntime runtime, Way way, Listener listener, Channel channel) {
    this.runtime = runtime;
    this.way = way;
    this.listener = listener;
    this.channel = channel;
  }

  /** Connects from the source address of a user. */
  static void open(VirtualUser user, InetSocketAddress relay, Way way, Listener listener) {
    ClientRuntime runtime = user.runtime();
    LinkSpec spec =
        new LinkSpec(way, relay, user.source(), false, false, runtime.settings().timeout());
    Bootstrap bootstrap =
        new Bootstrap()
            .group(user.loop())
            .channelFactory(runtime.sockets().tcp())
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) spec.timeout().toMillis())
            .option(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(LOW_WATER, HIGH_WATER))
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    Connector.chooseLatePort(channel);
                    if (way == Way.WEBSOCKET) {
                      Connector.addWebSocket(channel, spec);
                    }
                    channel.pipeline().addLast(new RelayLeg(runtime, way, listener, channel));
                  }
                });
    if (spec.source() != null) {
      bootstrap.localAddress(new InetSocketAddress(spec.source(), 0));
    }
    Channel channel = bootstrap.connect(relay).addListener(done -> {}).channel();
    channel
        .closeFuture()
        .addListener(closed -> {
          RelayLeg leg = channel.pipeline().get(RelayLeg.class);
          if (leg == null) {
            listener.ended(Failure.of(Reason.CONNECT_FAILED));
          } else {
            leg.end(leg.isOpen ? Reason.CLOSED : Reason.CONNECT_FAILED);
          }
        });
  }

  /** Sends a message. */
  void send(byte[] payload) {
    write(Unpooled.wrappedBuffer(way == Way.TCP ? FrameEncoder.encode(payload) : payload));
    channel.flush();
  }

  /** Writes bytes that are whole frames; a WebSocket sends them as one message. */
  void write(ByteBuf bytes) {
    channel.write(way == Way.TCP ? bytes : new BinaryWebSocketFrame(bytes));
  }

  void flush() {
    channel.flush();
  }

  boolean isWritable() {
    return channel.isWritable();
  }

  Way way() {
    return way;
  }

  /** Whether the connection is there. */
  boolean isOpen() {
    return isOpen && channel.isActive();
  }

  /** From now on bytes are counted and not taken apart; a message must not be under way. */
  void countBytes() {
    decoder = null;
  }

  /** From now on messages are read; what comes next must begin one. */
  void readMessages() {
    decoder = new FrameDecoder(FrameCodec.MAX_FRAME);
  }

  /** Stops or goes on reading, to hold a fast sender back. */
  void setReading(boolean reads) {
    channel.config().setAutoRead(reads);
  }

  void close() {
    channel.close();
  }

  private void opened() {
    if (!isOpen) {
      isOpen = true;
      runtime.closeAtEnd(channel);
      listener.opened(this);
    }
  }

  private void end(Reason reason) {
    if (!isEnded) {
      isEnded = true;
      listener.ended(Failure.of(reason));
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (way == Way.TCP) {
      opened();
    }
    ctx.fireChannelActive();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
      opened();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws FrameException {
    if (message instanceof BinaryWebSocketFrame frame) {
      received(frame.content());
    } else if (message instanceof ByteBuf bytes) {
      received(bytes);
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  private void received(ByteBuf bytes) throws FrameException {
    FrameDecoder frames = decoder;
    if (frames == null) {
      listener.bytes(this, bytes);
    } else if (way == Way.WEBSOCKET) {
      byte[] payload = taken(bytes);
      listener.message(payload);
    } else {
      frames.feed(ByteBuffer.wrap(taken(bytes)));
      for (byte[] payload = frames.poll(); payload != null; payload = frames.poll()) {
        listener.message(payload);
      }
    }
  }

  private static byte[] taken(ByteBuf bytes) {
    try {
      return ByteBufUtil.getBytes(bytes);
    } finally {
      bytes.release();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (channel.isWritable()) {
      listener.writable(this);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      end(isOpen ? Reason.SOCKET_ERROR : Reason.CONNECT_FAILED);
    } else {
      runtime.generatorError(cause);
      end(Reason.GENERATOR_ERROR);
    }
    channel.close();
  }
}
