package dev.rallypoint.loadtest.gatling.link;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rallypoint.loadtest.gatling.figures.Counter;
import dev.rallypoint.loadtest.gatling.link.DeadlineQueue.Deadline;
import dev.rallypoint.protocol.frame.FrameException;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RendezvousMessage.UnionCase;
import dev.rallypoint.protocol.secure.ClientKeyExchange;
import dev.rallypoint.protocol.secure.HandshakeException;
import dev.rallypoint.protocol.secure.SecretChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A way to a server on which messages are exchanged. At most one question is open at a time. Used
 * on its event loop only.
 */
public final class Link extends ChannelInboundHandlerAdapter {
  private final ClientRuntime runtime;
  private final LinkSpec spec;
  private final LinkListener listener;
  private final Deadline opening;
  private final Channel channel;
  private @Nullable SecretChannel secret;
  private @Nullable Question question;
  private boolean isOpen;
  private boolean isFailed;
  private boolean isClosing;
  private long heardAt;

  Link(ClientRuntime runtime, LinkSpec spec, LinkListener listener, Channel channel) {
    this.runtime = runtime;
    this.spec = spec;
    this.listener = listener;
    this.channel = channel;
    this.opening =
        runtime
            .timer(channel.eventLoop())
            .after(spec.timeout(), () -> openFailed(Reason.CONNECT_TIMEOUT));
  }

  private record Question(Set<UnionCase> wanted, AnswerListener listener, Deadline deadline) {}

  /** Sends a message. */
  public ChannelFuture send(RendezvousMessage message) {
    byte[] payload = message.toByteArray();
    SecretChannel sealing = secret;
    return channel.writeAndFlush(sealing == null ? payload : sealing.seal(payload));
  }

  /** Sends a message and waits for one of some kinds; others are pushes. */
  public void ask(
      RendezvousMessage message, Set<UnionCase> wanted, Duration timeout, AnswerListener asker) {
    if (question != null) {
      throw new IllegalStateException("a link has one open question");
    }
    if (!channel.isActive()) {
      asker.failed(Failure.of(Reason.CLOSED));
      return;
    }
    Deadline deadline =
        runtime.timer(channel.eventLoop()).after(timeout, () -> fail(Reason.NO_ANSWER));
    question = new Question(wanted, asker, deadline);
    send(message);
  }

  /** Whether messages can be sent. */
  public boolean isOpen() {
    return isOpen && channel.isActive();
  }

  /** The way. */
  public Way way() {
    return spec.way();
  }

  /** The own address. */
  public InetSocketAddress local() {
    return (InetSocketAddress) channel.localAddress();
  }

  /** When something arrived last, as {@code System.nanoTime}. */
  public long heardAt() {
    return heardAt;
  }

  /** Closes the link; an open question fails. */
  public void close() {
    isClosing = true;
    channel.close();
  }

  /** The TCP or UDP socket is connected. */
  void connected() {
    if (spec.way() == Way.UDP || spec.way() == Way.TCP && !spec.encrypted()) {
      ready();
    }
  }

  private void ready() {
    if (!isOpen && !isFailed) {
      isOpen = true;
      opening.cancel();
      heardAt = System.nanoTime();
      try {
        listener.opened(this);
      } catch (RuntimeException e) {
        runtime.generatorError(e);
        channel.close();
        listener.openFailed(Failure.of(Reason.GENERATOR_ERROR));
      }
    }
  }

  void openFailed(Reason reason) {
    if (!isOpen && !isFailed) {
      isFailed = true;
      opening.cancel();
      channel.close();
      listener.openFailed(Failure.of(reason));
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    heardAt = System.nanoTime();
    try {
      heard((byte[]) message);
    } catch (HandshakeException e) {
      broken(Reason.HANDSHAKE_FAILED);
    } catch (InvalidProtocolBufferException e) {
      broken(Reason.MALFORMED);
    } catch (RuntimeException e) {
      runtime.generatorError(e);
      broken(Reason.GENERATOR_ERROR);
    }
  }

  private void heard(byte[] payload) throws HandshakeException, InvalidProtocolBufferException {
    if (payload.length == 0 && spec.way() != Way.UDP) {
      if (spec.keptAlive()) {
        runtime.figures().count(Counter.KEEP_ALIVES);
        channel.writeAndFlush(payload);
      }
      return;
    }
    SecretChannel opened = secret;
    RendezvousMessage message =
        RendezvousMessage.parseFrom(opened == null ? payload : opened.open(payload));
    if (message.getUnionCase() == UnionCase.KEY_EXCHANGE) {
      exchangeKeys(message);
      return;
    }
    Question open = question;
    if (open != null && open.wanted().contains(message.getUnionCase())) {
      question = null;
      open.deadline().cancel();
      answer(open, message);
    } else if (!isOpen) {
      broken(Reason.HANDSHAKE_FAILED); // a client would go on unencrypted: never wanted in a test
    } else {
      listener.pushed(this, message);
    }
  }

  /** An exception of whoever asked must not leave a step without an end. */
  private void answer(Question open, RendezvousMessage message) {
    try {
      open.listener().answered(message);
    } catch (RuntimeException e) {
      runtime.generatorError(e);
      open.listener().failed(Failure.of(Reason.GENERATOR_ERROR));
    }
  }

  private void exchangeKeys(RendezvousMessage message) throws HandshakeException {
    if (!spec.encrypted() || isOpen) {
      return; // clients that do not encrypt skip it
    }
    ClientKeyExchange exchange =
        ClientKeyExchange.answer(
            runtime
                .settings()
                .publicKey()
                .orElseThrow(() -> new HandshakeException("no key of the server is given")),
            message.getKeyExchange(),
            ThreadLocalRandom.current());
    send(exchange.answer());
    secret = exchange.channel();
    ready();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
      ready();
    } else if (event == ClientHandshakeStateEvent.HANDSHAKE_TIMEOUT) {
      openFailed(Reason.CONNECT_TIMEOUT);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (isOpen && !isClosing && spec.keptAlive()) {
      runtime.figures().count(Counter.LINKS_LOST);
    }
    openFailed(Reason.CLOSED);
    fail(Reason.CLOSED);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    switch (cause) {
      case PortUnreachableException e -> socketError(Reason.PORT_UNREACHABLE);
      case WebSocketHandshakeException e -> openFailed(Reason.UPGRADE_REFUSED);
      case FrameException e -> broken(Reason.MALFORMED);
      case IOException e -> {
        socketError(Reason.SOCKET_ERROR);
        if (spec.way() != Way.UDP) {
          channel.close();
        }
      }
      default -> {
        runtime.generatorError(cause);
        broken(Reason.GENERATOR_ERROR);
      }
    }
  }

  private void socketError(Reason reason) {
    if (question == null && isOpen) {
      runtime.figures().count(Counter.SOCKET_ERRORS);
    }
    openFailed(reason);
    fail(reason);
  }

  /** The stream is lost. */
  private void broken(Reason reason) {
    openFailed(reason);
    fail(reason);
    if (spec.way() != Way.UDP) {
      channel.close();
    }
  }

  private void fail(Reason reason) {
    Question open = question;
    if (open != null) {
      question = null;
      open.deadline().cancel();
      open.listener().failed(Failure.of(reason));
    }
  }
}
