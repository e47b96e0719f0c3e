package dev.rallypoint.transport;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.address.PeerAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The header of the PROXY protocol, version 1 or 2, that a proxy sends before its client's bytes.
 * Bytes in, outcome out; Netty's decoder reads them. A version 1 line may have 107 bytes, a version
 * 2 header {@value #LONGEST}. For one thread; to be closed.
 */
public final class ProxyHeader implements AutoCloseable {
  /** The longest header taken, in bytes: what every receiver must take by the specification. */
  public static final int LONGEST = 536;

  /** A version 2 header without extensions: 16 bytes and the longest address. */
  private static final int WITHOUT_EXTENSIONS = 16 + 216;

  private static final byte[] V1 = "PROXY ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] V2 = "\r\n\r\n\0\r\nQUIT\n".getBytes(StandardCharsets.US_ASCII);

  private boolean mayBeV1 = true;
  private boolean mayBeV2 = true;
  private int seen;
  private final EmbeddedChannel decoder =
      new EmbeddedChannel(new HAProxyMessageDecoder(LONGEST - WITHOUT_EXTENSIONS));

  /** What the bytes so far are. */
  public sealed interface Outcome {
    /** The beginning of a header. */
    record Unfinished() implements Outcome {}

    /**
     * A whole header.
     *
     * @param client who is behind the proxy; empty when the proxy speaks for itself or does not
     *     know
     * @param rest the bytes behind the header
     */
    record Read(Optional<PeerAddress> client, byte[] rest) implements Outcome {}

    /** No header, or none that can be taken. */
    record Broken() implements Outcome {}
  }

  /** Takes all remaining bytes of a piece; not to be called again once it is not unfinished. */
  public Outcome feed(ByteBuffer piece) {
    byte[] bytes = new byte[piece.remaining()];
    piece.get(bytes);
    if (!goesOn(bytes)) {
      return new Outcome.Broken();
    }
    try {
      decoder.writeInbound(Unpooled.wrappedBuffer(bytes));
    } catch (DecoderException e) {
      return new Outcome.Broken();
    }
    if (!(decoder.readInbound() instanceof HAProxyMessage message)) {
      return new Outcome.Unfinished();
    }
    try {
      return read(message);
    } finally {
      message.release();
    }
  }

  /**
   * The connection ended before its header was whole: why it is dropped. One that ends without a
   * byte is a port probe and no drop.
   */
  public Optional<DropReason> onEnd() {
    return seen > 0 ? Optional.of(DropReason.PROXY_HEADER) : Optional.empty();
  }

  @Override
  public void close() {
    try {
      decoder.finishAndReleaseAll();
    } catch (DecoderException e) {
      // What was left is no header; nobody asks any more.
    }
  }

  /** Whether these bytes go on with the beginning of either version's header. */
  private boolean goesOn(byte[] bytes) {
    for (int i = 0; i < bytes.length && (mayBeV1 || mayBeV2); i++, seen++) {
      mayBeV1 = mayBeV1 && (seen >= V1.length || V1[seen] == bytes[i]);
      mayBeV2 = mayBeV2 && (seen >= V2.length || V2[seen] == bytes[i]);
    }
    return mayBeV1 || mayBeV2;
  }

  private Outcome read(HAProxyMessage message) {
    if (message.command() == HAProxyCommand.LOCAL) {
      return new Outcome.Read(Optional.empty(), rest());
    }
    return switch (message.proxiedProtocol()) {
      case TCP4, TCP6 -> {
        PeerAddress client =
            PeerAddress.of(InetAddress.ofLiteral(message.sourceAddress()), message.sourcePort());
        yield client.isSendable()
            ? new Outcome.Read(Optional.of(client), rest())
            : new Outcome.Broken();
      }
      case UNKNOWN, UNIX_STREAM -> new Outcome.Read(Optional.empty(), rest());
      case UDP4, UDP6, UNIX_DGRAM -> new Outcome.Broken();
    };
  }

  private byte[] rest() {
    ByteBuf bytes = decoder.readInbound();
    if (bytes == null) {
      return new byte[0];
    }
    try {
      return ByteBufUtil.getBytes(bytes);
    } finally {
      bytes.release();
    }
  }
}
