package dev.rallypoint.transport.tls;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import java.time.Duration;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.TLSClosing;
import org.apache.pekko.stream.TLSProtocol;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.TLS;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * The server's side of TLS, like Netty's SslHandler: {@link #over} makes a flow of encrypted bytes
 * of a flow of plain bytes.
 *
 * <p>The stage stands between Pekko's TLS and the plain flow. It takes the plain bytes out of
 * Pekko's elements, fails a connection whose first plain byte does not come in time, and counts
 * broken connections. Pekko's TLS may cancel before it reports an error, so a connection that ends
 * without a plain byte counts as broken too.
 */
public final class TlsLayer extends GraphStage<FlowShape<TLSProtocol.SslTlsInbound, ByteString>> {
  private final Inlet<TLSProtocol.SslTlsInbound> in = Inlet.create("TlsLayer.in");
  private final Outlet<ByteString> out = Outlet.create("TlsLayer.out");
  private final FlowShape<TLSProtocol.SslTlsInbound, ByteString> shape = FlowShape.of(in, out);
  private final Duration within;
  private final Counters counters;

  private TlsLayer(Duration within, Counters counters) {
    this.within = within;
    this.counters = counters;
  }

  /**
   * A flow of encrypted bytes around one of plain bytes.
   *
   * @param engine makes the server's side of the connection
   * @param within how long the handshake and the first plain bytes may take together; later bytes
   *     are the plain flow's concern
   */
  public static Flow<ByteString, ByteString, NotUsed> over(
      Flow<ByteString, ByteString, ?> plain,
      Supplier<SSLEngine> engine,
      Duration within,
      Counters counters) {
    return Flow.fromGraph(new TlsLayer(within, counters))
        .via(plain)
        .<TLSProtocol.SslTlsOutbound>map(TLSProtocol.SendBytes::new)
        .join(TLS.create(engine, TLSClosing.eagerClose()));
  }

  @Override
  public FlowShape<TLSProtocol.SslTlsInbound, ByteString> shape() {
    return shape;
  }

  @Override
  public TimerGraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic {
    private boolean hasSpoken;
    private boolean isLate;

    Logic() {
      super(shape);
      setHandler(
          in,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              onInbound(grab(in));
            }

            @Override
            public void onUpstreamFailure(Throwable why) {
              if (hasSpoken && why instanceof SSLException) {
                counters.dropped(DropReason.TLS_BROKEN);
              }
              failStage(why);
            }
          });
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              pull(in);
            }
          });
    }

    @Override
    public void preStart() {
      scheduleOnce(within, within);
    }

    @Override
    public void onTimer(Object key) {
      isLate = true;
      counters.dropped(DropReason.CONNECTION_SILENT);
      failStage(new SSLException("nothing came through TLS in time"));
    }

    @Override
    public void postStop() {
      if (!hasSpoken && !isLate) {
        counters.dropped(DropReason.TLS_BROKEN);
      }
    }

    private void onInbound(TLSProtocol.SslTlsInbound inbound) {
      if (inbound instanceof TLSProtocol.SessionBytes session) {
        if (!hasSpoken) {
          hasSpoken = true;
          cancelTimer(within);
        }
        push(out, session.bytes());
      } else {
        pull(in); // the other side closed without saying so in TLS
      }
    }
  }
}
