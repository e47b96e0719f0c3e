package dev.rallypoint.transport.tls;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.TLSClosing;
import org.apache.pekko.stream.TLSProtocol;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.TLS;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of TLS, like Netty's SslHandler. It runs on a dispatcher of its own with half
 * of the cores, because a handshake computes for milliseconds, and nothing that punches wait for is
 * to wait behind handshakes.
 */
public final class TlsLayer {
  private static final Attributes DISPATCHER =
      ActorAttributes.dispatcher("rallypoint-tls-dispatcher");

  private TlsLayer() {}

  /**
   * A flow of encrypted bytes around one of plain bytes. A connection that breaks the rules of TLS
   * is counted. Pekko's TLS may cancel before it reports an error, so a connection that ends
   * without a plain byte counts as broken too.
   *
   * @param engine makes the server's side of the connection
   * @param within how long the handshake and the first plain bytes may take together; later bytes
   *     are the plain flow's concern
   * @param onHandshake called once the handshake is known to be done, by the first plain bytes
   */
  public static Flow<ByteString, ByteString, NotUsed> over(
      Flow<ByteString, ByteString, ?> plain,
      Supplier<SSLEngine> engine,
      Duration within,
      Runnable onHandshake,
      Counters counters) {
    AtomicBoolean hasSpoken = new AtomicBoolean();
    return Flow.of(TLSProtocol.SslTlsInbound.class)
        .collectType(
            TLSProtocol.SessionBytes.class) // the other element is an end that is not TLS's
        .map(session -> {
          if (!hasSpoken.getPlain()) { // only this stream sets it
            hasSpoken.set(true);
            onHandshake.run();
          }
          return session.bytes();
        })
        .initialTimeout(within)
        .watchTermination((unused, ended) -> {
          ended.whenComplete((done, failure) -> onEnd(failure, hasSpoken.get(), counters));
          return unused;
        })
        .via(plain)
        .<TLSProtocol.SslTlsOutbound>map(TLSProtocol.SendBytes::new)
        .join(TLS.create(engine, TLSClosing.eagerClose()).addAttributes(DISPATCHER));
  }

  private static void onEnd(@Nullable Throwable failure, boolean hasSpoken, Counters counters) {
    if (!hasSpoken && failure instanceof TimeoutException) {
      counters.dropped(DropReason.CONNECTION_SILENT);
    } else if (!hasSpoken || failure instanceof SSLException) {
      counters.dropped(DropReason.TLS_BROKEN);
    }
  }
}
