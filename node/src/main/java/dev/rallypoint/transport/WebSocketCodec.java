package dev.rallypoint.transport;

import dev.rallypoint.metrics.DropReason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * The frames of one WebSocket (RFC 6455), read and written by Netty's decoder and encoder without a
 * channel around them, because a channel alone costs more heap than the connection. The decoder
 * allocates nothing for a payload before all of it is there, so a frame's announced length costs
 * nothing. Frames with extension bits are refused: none is negotiated.
 */
final class WebSocketCodec {
  /** The longest frame taken, in bytes: the longest message of any service. */
  static final int LONGEST = 16 * 1024 * 1024;

  private static final Encoder ENCODER = new Encoder();

  private final Decoder decoder = new Decoder();
  private final List<Object> decoded = new ArrayList<>(1);
  private @Nullable ByteBuf unread;
  private ByteString fragments = ByteString.emptyByteString();

  /** What the bytes so far have come to. */
  sealed interface Event {}

  /** A whole message: binary, or a text's bytes. */
  record Message(ByteString bytes) implements Event {}

  /** A frame that asks for a pong of the same bytes. */
  record Ping(ByteString bytes) implements Event {}

  /** A frame that asks for nothing: a part of a message of so many bytes, or a pong. */
  record Passing(int bytes) implements Event {}

  /** The end that the other side says, with a code to answer. */
  record Close(int code) implements Event {}

  /** What breaks the rules of the protocol: the code to close with. */
  record Broken(DropReason reason, int code) implements Event {}

  /** Adds bytes that have come. */
  void feed(ByteString bytes) {
    ByteBuf more = Unpooled.wrappedBuffer(bytes.asByteBuffer());
    if (unread == null) {
      unread = more;
    } else {
      int all = unread.readableBytes() + more.readableBytes();
      if (unread.isReadOnly() || unread.maxCapacity() < all) {
        unread = Unpooled.buffer(all).writeBytes(unread);
      }
      unread.discardSomeReadBytes().writeBytes(more);
    }
  }

  /** The next frame's event; null when no whole frame has come. */
  @Nullable Event poll() {
    ByteBuf bytes = unread;
    if (bytes == null) {
      return null;
    }
    try {
      decoder.read(bytes, decoded);
    } catch (CorruptedWebSocketFrameException e) {
      unread = null;
      boolean isTooLong = e.closeStatus() == WebSocketCloseStatus.MESSAGE_TOO_BIG;
      return new Broken(
          isTooLong ? DropReason.FRAME_TOO_LONG : DropReason.FRAME_UNPARSABLE,
          e.closeStatus().code());
    }
    if (!bytes.isReadable()) {
      unread = null;
    }
    return decoded.isEmpty() ? null : event((WebSocketFrame) decoded.removeLast());
  }

  private Event event(WebSocketFrame frame) {
    ByteString content = ofHeap(frame.content());
    if (frame instanceof PingWebSocketFrame) {
      return new Ping(content);
    }
    if (frame instanceof PongWebSocketFrame) {
      return new Passing(0);
    }
    if (frame instanceof CloseWebSocketFrame close) {
      int code = close.statusCode();
      return new Close(code < 0 ? WebSocketCloseStatus.NORMAL_CLOSURE.code() : code);
    }
    fragments = fragments.concat(content);
    if (!frame.isFinalFragment()) {
      return new Passing(content.size());
    }
    ByteString message = fragments;
    fragments = ByteString.emptyByteString();
    return new Message(message);
  }

  /** Forgets what has come: nothing of it will be looked at. */
  void clear() {
    unread = null;
    fragments = ByteString.emptyByteString();
  }

  /** The bytes held, of messages that are not whole and of what was not looked at yet. */
  int heldBytes() {
    return fragments.size() + (unread == null ? 0 : unread.readableBytes());
  }

  /** A binary message as the bytes of one frame. */
  static ByteString binary(ByteString message) {
    List<Object> out = new ArrayList<>(2);
    ENCODER.write(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(message.asByteBuffer())), out);
    ByteString first = copied((ByteBuf) out.getFirst());
    return out.size() == 1 ? first : first.concat(message); // a long payload is left as it is
  }

  static ByteString ping() {
    return control(new PingWebSocketFrame());
  }

  static ByteString pong(ByteString bytes) {
    return control(new PongWebSocketFrame(Unpooled.wrappedBuffer(bytes.asByteBuffer())));
  }

  static ByteString close(int code) {
    // The constructor with a code takes memory outside the heap, which nobody would release.
    return control(new CloseWebSocketFrame(true, 0, Unpooled.buffer(2).writeShort(code)));
  }

  private static ByteString control(WebSocketFrame frame) {
    List<Object> out = new ArrayList<>(1);
    ENCODER.write(frame, out);
    return copied((ByteBuf) out.getFirst());
  }

  private static ByteString copied(ByteBuf bytes) {
    return ByteString.fromByteBuffer(bytes.nioBuffer());
  }

  /** The decoder's own copy of a payload, which nobody else has. */
  private static ByteString ofHeap(ByteBuf bytes) {
    return bytes.hasArray()
        ? ByteString.fromArrayUnsafe(
            bytes.array(), bytes.arrayOffset() + bytes.readerIndex(), bytes.readableBytes())
        : copied(bytes);
  }

  /** Where all codecs' buffers are allocated: on the heap, for the collector to free. */
  private static final class Context extends ChannelInboundHandlerAdapter {
    static final ChannelHandlerContext SHARED = create();

    private static ChannelHandlerContext create() {
      EmbeddedChannel channel = new EmbeddedChannel(new Context());
      channel.config().setAllocator(new UnpooledByteBufAllocator(false, true, true));
      return channel.pipeline().firstContext();
    }
  }

  private static final class Decoder extends WebSocket13FrameDecoder {
    private static final WebSocketDecoderConfig CONFIG =
        WebSocketDecoderConfig.newBuilder()
            .expectMaskedFrames(true)
            .allowExtensions(false)
            .maxFramePayloadLength(LONGEST)
            .closeOnProtocolViolation(false)
            .withUTF8Validator(false)
            .build();

    Decoder() {
      super(CONFIG);
    }

    void read(ByteBuf bytes, List<Object> out) {
      try {
        decode(Context.SHARED, bytes, out);
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException("a decoder of bytes in memory", e);
      }
    }
  }

  private static final class Encoder extends WebSocket13FrameEncoder {
    Encoder() {
      super(false);
    }

    void write(WebSocketFrame frame, List<Object> out) {
      try {
        encode(Context.SHARED, frame, out);
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException("an encoder of bytes in memory", e);
      }
    }
  }
}
