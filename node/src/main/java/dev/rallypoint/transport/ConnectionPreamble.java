package dev.rallypoint.transport;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.policy.limit.HandshakeQuota;
import dev.rallypoint.time.Ticker;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a connection begins with, before anything is served or sent: the header of the PROXY
 * protocol where one is expected, and whether the first byte behind it begins TLS where that is
 * asked. Does in one stage what Netty does with a HAProxyMessageDecoder and an OptionalSslHandler.
 *
 * <p>The first element out is a Boolean, whether TLS begins; false where it is not asked. The rest
 * are the bytes of the connection behind the header. A connection that is late, breaks the rules or
 * has a client that is refused is ended without an element, and counted.
 */
final class ConnectionPreamble extends GraphStage<FlowShape<ByteString, Object>> {
  /** The first byte of a TLS connection: the content type of a handshake record (RFC 8446, 5.1). */
  private static final byte TLS_HANDSHAKE = 0x16;

  private final Inlet<ByteString> in = Inlet.create("ConnectionPreamble.in");
  private final Outlet<Object> out = Outlet.create("ConnectionPreamble.out");
  private final FlowShape<ByteString, Object> shape = FlowShape.of(in, out);
  private final ClientConnection connection;
  private final boolean asksForTls;
  private final HandshakeQuota.Place handshake;
  private final Duration within;
  private final Counters counters;

  /**
   * @param connection is told which client the header names
   * @param handshake where the handshake waits until it may begin; ended with the connection
   * @param within how long the header and the first byte may take together
   */
  ConnectionPreamble(
      ClientConnection connection,
      boolean asksForTls,
      HandshakeQuota.Place handshake,
      Duration within,
      Counters counters) {
    this.connection = connection;
    this.asksForTls = asksForTls;
    this.handshake = handshake;
    this.within = within;
    this.counters = counters;
  }

  @Override
  public FlowShape<ByteString, Object> shape() {
    return shape;
  }

  @Override
  public TimerGraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic {
    /** Null where none is expected, and once it is read. */
    private @Nullable ProxyHeader header = connection.beginsWithHeader() ? new ProxyHeader() : null;

    /** Whether the first element is out: from then on all bytes pass. */
    private boolean isOpen;

    /** Whether TLS has begun and its handshake may not go on yet: the connection is not read. */
    private boolean isWaiting;

    Logic() {
      super(shape);
      setHandler(in, new Input());
      setHandler(out, new Output());
    }

    @Override
    public void preStart() {
      scheduleOnce(within, within);
      pull(in);
    }

    @Override
    public void postStop() {
      closeHeader();
      handshake.end(Ticker.SYSTEM.nanos());
    }

    @Override
    public void onTimer(Object key) {
      refuse(isWaiting ? DropReason.TLS_HANDSHAKE_LIMIT : DropReason.CONNECTION_SILENT);
    }

    private void onHeaderBytes(ProxyHeader reader, ByteString bytes) {
      switch (reader.feed(bytes.asByteBuffer())) {
        case ProxyHeader.Outcome.Unfinished unfinished -> pull(in);
        case ProxyHeader.Outcome.Broken broken -> refuse(DropReason.PROXY_HEADER);
        case ProxyHeader.Outcome.Read read -> {
          closeHeader();
          if (connection.onHeader(read.client())) {
            onFirstBytes(ByteString.fromArrayUnsafe(read.rest()));
          } else {
            completeStage();
          }
        }
      }
    }

    private void onFirstBytes(ByteString first) {
      if (asksForTls && first.isEmpty()) {
        pull(in);
        return;
      }
      if (asksForTls && first.apply(0) == TLS_HANDSHAKE) {
        isWaiting = true;
        handshake.begin(connection.limitedAddress(), Ticker.SYSTEM.nanos(), listener(first));
      } else {
        open(false, first);
      }
    }

    private HandshakeQuota.Listener listener(ByteString first) {
      AsyncCallback<Runnable> told = createAsyncCallback(Runnable::run);
      return new HandshakeQuota.Listener() {
        @Override
        public void onAdmitted() {
          told.invoke(() -> open(true, first));
        }

        @Override
        public void onGivenUp() {
          told.invoke(() -> failStage(new TimeoutException("others wait for its handshake")));
        }
      };
    }

    private void open(boolean isTls, ByteString first) {
      isWaiting = false;
      isOpen = true;
      cancelTimer(within);
      emit(out, isTls);
      if (first.nonEmpty()) {
        emit(out, first);
      }
    }

    private void refuse(DropReason reason) {
      counters.dropped(reason, connection.address());
      completeStage();
    }

    private void closeHeader() {
      if (header != null) {
        header.close();
        header = null;
      }
    }

    private final class Input extends AbstractInHandler {
      @Override
      public void onPush() {
        ByteString bytes = grab(in);
        if (isOpen) {
          push(out, bytes);
        } else if (header != null) {
          onHeaderBytes(header, bytes);
        } else {
          onFirstBytes(bytes);
        }
      }

      @Override
      public void onUpstreamFinish() {
        if (header != null) {
          header.onEnd().ifPresent(counters::dropped);
        }
        completeStage(); // after what is still being emitted
      }

      @Override
      public void onUpstreamFailure(Throwable why) {
        completeStage();
      }
    }

    private final class Output extends AbstractOutHandler {
      @Override
      public void onPull() {
        if (isOpen && !hasBeenPulled(in)) {
          pull(in);
        }
      }
    }
  }
}
