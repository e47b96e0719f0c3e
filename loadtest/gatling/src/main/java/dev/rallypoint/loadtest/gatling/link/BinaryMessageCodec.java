package dev.rallypoint.loadtest.gatling.link;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.util.ReferenceCountUtil;

/** A payload in each binary message of a WebSocket: {@code byte[]} on the inner side. */
@Sharable
final class BinaryMessageCodec extends ChannelDuplexHandler {
  static final BinaryMessageCodec INSTANCE = new BinaryMessageCodec();

  private BinaryMessageCodec() {}

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof BinaryWebSocketFrame frame)) {
      ReferenceCountUtil.release(message); // a text or pong frame is no message of RustDesk
      return;
    }
    byte[] payload;
    try {
      payload = ByteBufUtil.getBytes(frame.content());
    } finally {
      frame.release();
    }
    ctx.fireChannelRead(payload);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    // The upgrade request comes by here too.
    ctx.write(
        message instanceof byte[] payload
            ? new BinaryWebSocketFrame(Unpooled.wrappedBuffer(payload))
            : message,
        promise);
  }
}
