package dev.rallypoint.loadtest.gatling.link;

import dev.rallypoint.protocol.frame.FrameDecoder;
import dev.rallypoint.protocol.frame.FrameException;
import dev.rallypoint.protocol.frame.FrameHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;

/** Payloads in frames on a TCP connection: {@code byte[]} on the inner side. */
public final class FrameCodec extends ChannelDuplexHandler {
  /** No server sends longer frames to a client. */
  public static final int MAX_FRAME = 1 << 20;

  private final FrameDecoder decoder = new FrameDecoder(MAX_FRAME);

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws FrameException {
    ByteBuf bytes = (ByteBuf) message;
    try {
      for (ByteBuffer part : bytes.nioBuffers()) {
        decoder.feed(part);
      }
    } finally {
      ReferenceCountUtil.release(bytes);
    }
    for (byte[] payload = decoder.poll(); payload != null; payload = decoder.poll()) {
      ctx.fireChannelRead(payload);
    }
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    byte[] payload = (byte[]) message;
    byte[] header = new byte[FrameHeader.size(payload.length)];
    FrameHeader.write(payload.length, header, 0);
    ctx.write(Unpooled.wrappedBuffer(header, payload), promise);
  }
}
