package dev.rallypoint.loadtest.gatling.link;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DatagramPacket;

/** A payload in each datagram of a connected UDP socket: {@code byte[]} on the inner side. */
@Sharable
final class DatagramCodec extends ChannelDuplexHandler {
  static final DatagramCodec INSTANCE = new DatagramCodec();

  private DatagramCodec() {}

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    DatagramPacket packet = (DatagramPacket) message;
    byte[] payload;
    try {
      payload = ByteBufUtil.getBytes(packet.content());
    } finally {
      packet.release();
    }
    ctx.fireChannelRead(payload);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    ctx.write(Unpooled.wrappedBuffer((byte[]) message), promise);
  }
}
