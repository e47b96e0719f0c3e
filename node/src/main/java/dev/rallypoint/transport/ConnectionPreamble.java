package dev.rallypoint.transport;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.address.PeerAddress;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * What has to be known of a connection before anything is said on it: a PROXY protocol header,
 * where one is expected, and whether the first byte behind it begins TLS, where that is asked. The
 * first element out is an {@link Opening}; the rest are the connection's bytes. A connection that
 * cannot say it in time or in form is ended, counted, without an element.
 */
final class ConnectionPreamble extends GraphStage<FlowShape<ByteString, Object>> {
  /** The first byte of a TLS connection: a record of the handshake. */
  private static final byte TLS_HANDSHAKE = 0x16;

  private final Inlet<ByteString> in = Inlet.create("Prologue.in");
  private final Outlet<Object> out = Outlet.create("Prologue.out");
  private final FlowShape<ByteString, Object> shape = FlowShape.of(in, out);
  private final boolean expectsHeader;
  private final boolean asksForTls;
  private final Duration within;
  private final Counters counters;

  /**
   * What a connection begins with.
   *
   * @param client the client that a header named
   * @param isTls whether TLS begins; false where it was not asked
   */
  record Opening(Optional<PeerAddress> client, boolean isTls) {}

  /**
   * @param within how long the bytes that decide may take
   */
  ConnectionPreamble(
      boolean expectsHeader, boolean asksForTls, Duration within, Counters counters) {
    this.expectsHeader = expectsHeader;
    this.asksForTls = asksForTls;
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
    private @Nullable ProxyHeader header = expectsHeader ? new ProxyHeader() : null;
    private Optional<PeerAddress> client = Optional.empty();
    private boolean isOpen;
    private boolean hasSpoken;

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
      endHeader();
    }

    @Override
    public void onTimer(Object key) {
      refuse(DropReason.CONNECTION_SILENT);
    }

    private void onHeaderBytes(ProxyHeader reader, ByteString bytes) {
      switch (reader.feed(bytes.asByteBuffer())) {
        case ProxyHeader.Outcome.Unfinished unfinished -> pull(in);
        case ProxyHeader.Outcome.Broken broken -> refuse(DropReason.PROXY_HEADER);
        case ProxyHeader.Outcome.Read read -> {
          client = read.client();
          endHeader();
          onFirstBytes(ByteString.fromArrayUnsafe(read.rest()));
        }
      }
    }

    private void onFirstBytes(ByteString first) {
      if (asksForTls && first.isEmpty()) {
        pull(in);
        return;
      }
      isOpen = true;
      cancelTimer(within);
      emit(out, new Opening(client, asksForTls && first.apply(0) == TLS_HANDSHAKE));
      if (first.nonEmpty()) {
        emit(out, first);
      }
    }

    private void refuse(DropReason reason) {
      counters.dropped(reason);
      completeStage();
    }

    private void endHeader() {
      if (header != null) {
        header.close();
        header = null;
      }
    }

    private final class Input extends AbstractInHandler {
      @Override
      public void onPush() {
        ByteString bytes = grab(in);
        hasSpoken = true;
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
        // An empty connection is a port probe: no drop.
        if (hasSpoken && header != null) {
          counters.dropped(DropReason.PROXY_HEADER);
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
